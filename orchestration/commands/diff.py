"""`yearbook diff`: what two published vintages do not have in common, the largest first.

Belongs here: showing documents, definitions, index values, coefficients and verdicts that differ.
Not here: finding them (`assets/release/results/changes.py`).
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

from assets.release.results.changes import (
    ChangedCoefficient,
    ChangedDefinition,
    ChangedDocument,
    ChangedFinding,
    ChangedIndexValue,
    ChangedNumber,
    ChangedVerdict,
    changes,
)
from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from orchestration.commands.command import OK, PROBLEMS, Command, asking
from orchestration.commands.pages.json_rows import add_json_option, print_json
from orchestration.commands.pages.numbers import change_text, count_text, significant, value_text
from orchestration.commands.pages.text_table import (
    Shown,
    named,
    print_first,
    print_text,
)

ROWS_SHOWN = 40

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Versions:
    code_version: str
    versions: str  # of the libraries, JSON
    definition_fingerprint: str

    @property
    def by_name(self) -> dict[str, str]:
        """Versions of yearbook and of the libraries."""
        return {"yearbook": self.code_version, **json.loads(self.versions)}


_DOCUMENTS: tuple[Shown[ChangedDocument], ...] = named("change", "source", "edition")
_DEFINITIONS: tuple[Shown[ChangedDefinition], ...] = (
    *named("change", "study"),
    Shown("what", lambda row: row.changed_keys),
)
_PLACE = named("study", "region", "sample")
_INDEX_VALUES: tuple[Shown[ChangedIndexValue], ...] = (
    *_PLACE,
    Shown("index", lambda row: row.index_id),
    Shown("year", lambda row: row.reference_year),
    Shown("old", lambda row: value_text(row.old_value)),
    Shown("new", lambda row: value_text(row.new_value)),
    Shown("change %", lambda row: change_text(row.change_pct)),
    Shown("in the fit", lambda row: "yes" if row.fitted else "no"),
)
_COEFFICIENTS: tuple[Shown[ChangedCoefficient], ...] = (
    *_PLACE,
    *named("estimator", "term"),
    Shown("old", lambda row: value_text(row.old_coefficient)),
    Shown("new", lambda row: value_text(row.new_coefficient)),
    Shown("old std. error", lambda row: significant(row.old_std_error, 4)),
    Shown("moved by (s.e.)", lambda row: change_text(row.moved, 2)),
)

_FINDINGS: tuple[Shown[ChangedFinding], ...] = (
    *named("dataset"),
    Shown("simulated", lambda row: "SIMULATED" if row.simulated else ""),
    *named("claim", "part"),
    Shown("old", lambda row: row.old_verdict or "none"),
    Shown("new", lambda row: row.new_verdict or "none"),
)
_NUMBERS: tuple[Shown[ChangedNumber], ...] = (
    *named("study"),
    Shown("table", lambda row: row.table_number),
    *named("cell", "what"),
    Shown("printed", lambda row: _both(row.old_printed, row.new_printed)),
    Shown("old", lambda row: value_text(row.old_computed)),
    Shown("new", lambda row: value_text(row.new_computed)),
    Shown("verdict", lambda row: _both(row.old_verdict, row.new_verdict)),
)


def _both(old: str | None, new: str | None) -> str:
    """One text where both vintages say it, else both."""
    return old or "none" if old == new else f"{old or 'none'} → {new or 'none'}"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "old", nargs="?", help="name or running number (default: the one before the latest)"
    )
    parser.add_argument("new", nargs="?", help="name or running number (default: the latest)")
    parser.add_argument("--all", action="store_true", help="show every row")
    add_json_option(parser)


def _run(home: Home, options: argparse.Namespace) -> int:
    """Print what changed from the vintage `old` to `new`; no problem where much did."""
    from assets.vintages.published import named_vintage, published_before

    new = named_vintage(home, options.new)
    old = published_before(home, new) if options.old is None else named_vintage(home, options.old)
    if old is None:
        print_text(f"{new} is the first vintage: there is none before it to compare with.")
        return PROBLEMS
    found = changes(home, old, new)
    if options.json:
        print_json({each.name: getattr(found, each.name) for each in fields(found)})
        return OK
    print(f"From vintage {old} to {new}")
    _print_versions(home, old, new)

    def show(title: str, rows: Sequence[T], columns: Sequence[Shown[T]]) -> None:
        if not rows:
            print(f"\n{title}: no difference")
        shown = None if options.all else ROWS_SHOWN
        print_first(f"{title}: {len(rows)}", columns, rows, shown, "--all shows them")

    show("Documents", found.documents, _DOCUMENTS)
    show("Study definitions", found.definitions, _DEFINITIONS)
    show("Index values", found.index_values, _INDEX_VALUES)
    show("Coefficients", found.coefficients, _COEFFICIENTS)
    _print_verdicts(found.verdicts)
    show("Verdicts on claims about towns", found.findings, _FINDINGS)
    show("Printed numbers of published studies", found.numbers, _NUMBERS)
    return OK


COMMAND = Command(
    100,
    "diff",
    "what differs between two published vintages",
    asking(_run),
    _arguments,
    examples=(
        "yearbook diff",
        "yearbook diff 2 3",
        "yearbook diff 2 3 --all",
        "yearbook diff 2 3 --json > changes.json",
    ),
)


def _print_versions(home: Home, old_name: str, new_name: str) -> None:
    """The code and the libraries, where they differ."""
    (old,), (new,) = (
        ask(home, "commands/vintage_versions", _Versions, {"vintage": name})
        for name in (old_name, new_name)
    )
    before, after = old.by_name, new.by_name
    for library in dict.fromkeys((*before, *after)):
        if before.get(library) != after.get(library):
            print(f"{library}: {before.get(library, 'none')} → {after.get(library, 'none')}")
    is_same = old.definition_fingerprint == new.definition_fingerprint
    same = "the same" if is_same else "changed (see git for what)"
    print(f"code, SQL, studies and checks: {same}")


def _print_verdicts(rows: Sequence[ChangedVerdict]) -> None:
    print(f"\nVerdicts: {len(rows) or 'no difference'}")
    for row in rows:
        place = ", ".join((row.study, row.region, row.sample, row.estimator))
        status = count_text(row.old_status, row.new_status)
        n = f"n {count_text(row.old_n, row.new_n)}"
        r2 = f"R² {value_text(row.old_r2)} → {value_text(row.new_r2)}"
        print_text(f"  {place}: {status}, {n}, {r2}")
        sentences = changed_sentences(row.old_text, row.new_text)
        for mark, lines in zip("-+", sentences, strict=True):
            for line in lines:
                print_text(f"    {mark} {line}")


def changed_sentences(old: str, new: str) -> tuple[list[str], list[str]]:
    """The sentences of each text that the other one does not have, in their order."""
    before, after = (text.replace(". ", ".\n").splitlines() for text in (old, new))
    return [s for s in before if s not in after], [s for s in after if s not in before]
