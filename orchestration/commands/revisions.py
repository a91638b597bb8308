"""`yearbook revisions`, and the same after a refresh: what was printed otherwise, what it moved.

Belongs here: showing revised figures, index values and coefficients. Not here: finding them
(`sql/release/revision.sql`, `assets/poverty/revisions/`), and what moved for another reason
(`yearbook diff`).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from assets.vintages.published import require_table
from assets.warehouse.home import Home
from orchestration.commands.pages.report_sql import percent_text, report, value_text
from orchestration.commands.pages.text_table import TextTable, print_table

SHOWN_AFTER_REFRESH = 10
SHOWN = 40

Row = tuple[Any, ...]
Lines = Sequence[str]

_REVISED = ("region", "indicator", "year", "printed before by", "now by", "old", "new", "unit", "%")
_COUNTED = ("region", "indicator", "revisions", "years", "up", "median %", "largest %")
_FIRST = ("study", "region", "index", "year", "first printed", "latest", "%")
_FIRST_FIT = (
    *("study", "region", "estimator", "term", "n", "first printed", "std. error", "latest"),
    "moved by (s.e.)",
)
_MOVED = ("document", "study", "region", "sample", "index", "year", "old", "new", "%")
_REFITTED = (
    *("document", "study", "region", "sample", "estimator", "term", "n"),
    *("old", "new", "moved by (s.e.)"),
)


def print_new_revisions(home: Home) -> None:
    """Print the largest revisions that came in with the latest vintage, and what they moved."""
    new = {"region": None, "only_new": True, "by_indicator": False}
    revised = [_revised_cells(row) for row in report(home, "revisions", new)]
    if revised:
        all_of_them = '`yearbook query "from release.revision where is_new"`'
        title = "Revised figures, new in this vintage"
        _print(title, _REVISED, revised, SHOWN_AFTER_REFRESH, all_of_them)
    moved = _print_effects(home, None, SHOWN_AFTER_REFRESH)
    if revised and not moved:
        print("No index value moved with them.")


def print_revisions(home: Home, region: str | None, with_all: bool) -> int:
    """Print every revision among the documents at hand, and how far revisions alone move results.

    region: ISO code, for that region only.
    """
    require_table(home, "model.revision_effect")
    shown = None if with_all else SHOWN
    here: dict[str, object] = {"region": region}
    counted = [_counted_cells(row) for row in report(home, "revised_indicators", here)]
    if not counted:
        print(f"No figure{f' of {region}' if region else ''} was printed otherwise later.")
        return 0
    _print("Revised figures, by indicator", _COUNTED, counted, shown)
    every = {**here, "only_new": False, "by_indicator": True}
    revised = [_revised_cells(row) for row in report(home, "revisions", every)]
    _print("Each revision, the most revised indicator first", _REVISED, revised, shown)
    firsts = [_first_cells(row) for row in report(home, "first_against_latest", here)]
    _print("Index values on first prints and on the latest", _FIRST, firsts, shown)
    fits = [_fit_cells(row) for row in report(home, "first_against_latest_coefficient", here)]
    _print("Coefficients on first prints and on the latest", _FIRST_FIT, fits, shown)
    _print_effects(home, region, shown)
    return 0


def _print_effects(home: Home, region: str | None, shown: int | None) -> bool:
    """Print what each new document of the latest vintage moved by itself; whether any did."""
    here = {"region": region}
    indices = report(home, "revision_effects", {**here, "coefficients": False})
    fits = report(home, "revision_effects", {**here, "coefficients": True})
    every = "`yearbook revisions --all`"
    title = "with the named document's revised figures alone added to what was published before"
    _print(f"Index values that moved, {title}", _MOVED, map(_moved_cells, indices), shown, every)
    _print(f"Coefficients that moved, {title}", _REFITTED, map(_refit_cells, fits), shown, every)
    return bool(indices or fits)


def _print(
    title: str,
    columns: Lines,
    found: Iterable[Lines],
    shown: int | None,
    all_of_them: str = "--all",
) -> None:
    rows = list(found)
    if rows:
        first = rows[:shown]
        caption = f"the first {len(first)} of {len(rows)}; all: {all_of_them}"
        print_table(TextTable(title, columns, first, caption * (len(first) < len(rows))))


def _revised_cells(row: Row) -> Lines:
    region, indicator, year, before, now, old, new, unit, change_pct = row
    values = (value_text(old), value_text(new), unit, percent_text(change_pct))
    return region, indicator, str(year), before, now, *values


def _counted_cells(row: Row) -> Lines:
    region, indicator, *counts, median, largest = row
    return region, indicator, *map(str, counts), *(_size(x) for x in (median, largest))


def _size(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def _first_cells(row: Row) -> Lines:
    study, region, index_id, year, first, latest, change_pct = row
    values = (value_text(first), value_text(latest), percent_text(change_pct))
    return study, region, index_id, str(year), *values


def _fit_cells(row: Row) -> Lines:
    study, region, estimator, term, first_n, latest_n, first, latest, std_error, moved = row
    values = (f"{first:.4f}", _size(std_error), f"{latest:.4f}", _moved_by(moved))
    return study, region, estimator, term, _count(first_n, latest_n), *values


def _count(old: int | None, new: int | None) -> str:
    return str(new) if old == new else f"{old} → {new}"


def _moved_by(std_errors: float | None) -> str:
    return "" if std_errors is None else f"{std_errors:+.2g}"


def _moved_cells(row: Row) -> Lines:
    document, study, region, sample, _, index_id, year, _, _, old, new, change_pct = row
    values = (value_text(old), value_text(new), percent_text(change_pct))
    return document, study, region, sample, index_id, str(year), *values


def _refit_cells(row: Row) -> Lines:
    *place, term, _, n_before, n, old, new, moved = row
    values = (value_text(old), value_text(new), _moved_by(moved))
    return *place, term, _count(n_before, n), *values
