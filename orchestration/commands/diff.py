"""`yearbook diff`: what two published vintages do not have in common, the largest first.

Belongs here: showing documents, definitions, index values, coefficients and verdicts that differ.
Not here: finding them (`sql/queries/commands/changed_*.sql`).
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from assets.vintages.published import named_vintage, require_recorded, require_table
from assets.warehouse.home import Home
from assets.warehouse.reader import query
from orchestration.commands.pages.report_sql import percent_text, report, value_text
from orchestration.commands.pages.text_table import TextTable, print_table

ROWS_SHOWN = 40

Row = tuple[Any, ...]
Lines = tuple[str, ...]


def print_diff(home: Home, old: str, new: str, with_all: bool) -> int:
    """Print what changed from the vintage `old` to `new`; 0 also where much did."""
    names = {"old": named_vintage(home, old), "new": named_vintage(home, new)}
    for vintage in names.values():
        require_recorded(home, vintage, "model.study_definition")
    for table in ("model.vintage_document", "model.vintage_index_value"):
        require_table(home, table)
    print(f"From vintage {names['old']} to {names['new']}")
    _print_versions(home, names)
    for title, name, columns, cells in _TABLES:
        rows = report(home, name, names)
        shown = rows if with_all else rows[:ROWS_SHOWN]
        caption = f"the first {ROWS_SHOWN} of {len(rows)}; --all shows them" * (shown != rows)
        if rows:
            print_table(
                TextTable(f"{title}: {len(rows)}", columns, [cells(r) for r in shown], caption)
            )
        else:
            print(f"\n{title}: no difference")
    _print_verdicts(report(home, "changed_verdicts", names))
    return 0


def _index_cells(row: Row) -> Lines:
    study, region, sample, index_id, year, old, new, change_pct, fitted = row
    values = (value_text(old), value_text(new), percent_text(change_pct))
    place = (study, region, sample)
    return *place, index_id, str(year), *values, "yes" if fitted else "no"


_PLACE = ("study", "region", "sample")
_INDEX_COLUMNS = (*_PLACE, "index", "year", "old", "new", "change %", "in the fit")


def _document_cells(row: Row) -> Lines:
    change, source, edition = row
    return change, source, str(edition)


def _definition_cells(row: Row) -> Lines:
    change, study, old, new = row
    return change, study, ", ".join(_changed_keys(old, new))


def _changed_keys(old: str | None, new: str | None) -> list[str]:
    """The parts of a definition that differ; none where one of the two is not there."""
    if old is None or new is None:
        return []
    before, after = json.loads(old), json.loads(new)
    keys = dict.fromkeys((*before, *after))
    return [key for key in keys if before.get(key) != after.get(key)]


def _coefficient_cells(row: Row) -> Lines:
    *place, estimator, term, old, new, std_error, moved = row
    values = (value_text(old), value_text(new), "" if std_error is None else f"{std_error:.4g}")
    return *place, estimator, term, *values, "" if moved is None else f"{moved:+.2g}"


_TABLES: tuple[tuple[str, str, Lines, Callable[[Row], Lines]], ...] = (
    ("Documents", "changed_documents", ("change", "source", "edition"), _document_cells),
    ("Study definitions", "changed_definitions", ("change", "study", "what"), _definition_cells),
    ("Index values", "changed_index_values", _INDEX_COLUMNS, _index_cells),
    (
        "Coefficients",
        "changed_coefficients",
        (*_PLACE, "estimator", "term", "old", "new", "old std. error", "moved by (s.e.)"),
        _coefficient_cells,
    ),
)


def _print_versions(home: Home, names: dict[str, str]) -> None:
    """The code and the libraries, where they differ."""
    sql = (
        "select code_version, library_versions, definition_fingerprint from model.vintage "
        "where vintage = $name"
    )
    (old,), (new,) = (query(home, sql, {"name": name}).rows for name in names.values())
    before = {"yearbook": old[0], **json.loads(old[1])}
    after = {"yearbook": new[0], **json.loads(new[1])}
    for library in dict.fromkeys((*before, *after)):
        if before.get(library) != after.get(library):
            print(f"{library}: {before.get(library, 'none')} → {after.get(library, 'none')}")
    same = "the same" if old[2] == new[2] else "changed (see git for what)"
    print(f"code, SQL, studies and checks: {same}")


def _print_verdicts(rows: Sequence[Row]) -> None:
    print(f"\nVerdicts: {len(rows) or 'no difference'}")
    for *place, estimator, was, now, old_n, new_n, old_r2, new_r2, old, new in rows:
        status = was if was == now else f"{was} → {now}"
        n = f"n {old_n} → {new_n}" if old_n != new_n else f"n {new_n}"
        r2 = f"R² {value_text(old_r2)} → {value_text(new_r2)}"
        print(f"  {', '.join((*place, estimator))}: {status}, {n}, {r2}")
        for mark, lines in zip("-+", changed_sentences(old, new), strict=True):
            for line in lines:
                print(f"    {mark} {line}")


def changed_sentences(old: str, new: str) -> tuple[list[str], list[str]]:
    """The sentences of each text that the other one does not have, in their order."""
    before, after = (text.replace(". ", ".\n").splitlines() for text in (old, new))
    return [s for s in before if s not in after], [s for s in after if s not in before]
