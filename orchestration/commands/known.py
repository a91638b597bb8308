"""`yearbook known`: a study's fit as it would have come out with the figures known in each year.

Belongs here: showing it. Not here: the fits (`assets/poverty/backtest/known_fit.py`).
"""

import sys
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from assets.vintages.published import require_table
from assets.warehouse.home import Home
from assets.warehouse.reader import query
from orchestration.commands.pages.report_sql import report
from orchestration.commands.pages.text_table import TextTable, print_table

Row = tuple[Any, ...]

READINGS = {
    "strict": "strictly: only years of which every figure was printed by then",
    "lenient": "a figure that no document at hand had printed by then is its first later print",
}


def print_known(home: Home, study: str, region: str | None) -> int:
    """Print a table per region, reading and estimator: one line for each year known."""
    require_table(home, "model.known_fit")
    rows = report(home, "known_fits", {"study": study, "region": region})
    if not rows:
        print(_absent(home, study, region), file=sys.stderr)
        return 1
    for (code, reading), own in groupby(rows, key=lambda row: row[:2]):
        print(f"\n{'=' * 100}\n{study}, {code}, {READINGS[reading]}")
        fits = list(own)
        for estimator in dict.fromkeys(row[3] for row in fits):
            _print_fits(estimator, [row for row in fits if row[3] == estimator])
        if reading == "strict":
            _print_lacking(fits)
    return 0


def _absent(home: Home, study: str, region: str | None) -> str:
    sql = "select distinct study from model.known_fit order by study"
    found = ", ".join(name for (name,) in query(home, sql).rows)
    place = f" in {region}" if region else ""
    return f"'{study}' has no fit by year known{place}; studies that have: {found or 'none'}."


def _print_fits(estimator: str, rows: Sequence[Row]) -> None:
    terms = list(dict.fromkeys(row[13] for row in rows if row[13] is not None))
    lines = [_line(list(own), terms) for _, own in groupby(rows, key=lambda row: row[2])]
    columns = ("known by", "n", "later prints", "R²", *terms, "")
    caption = (
        "Cells: coefficient (standard error), p. Variables are normalised over the years known."
    )
    print_table(TextTable(f"{estimator}", columns, lines, caption if terms else ""))


def _line(rows: Sequence[Row], terms: Sequence[str]) -> list[str]:
    _, _, known_by, _, _, reason, same_as, n, _, later, used, _, r2, *_ = rows[0]
    cells = {row[13]: _cell(*row[14:]) for row in rows}
    remark = f"as {same_as}" if same_as else reason or ""
    return [
        *(str(known_by), str(n), f"{later} of {used}", "" if r2 is None else f"{r2:.4f}"),
        *(cells.get(term, "") for term in terms),
        remark,
    ]


def _cell(coefficient: float | None, std_error: float | None, p: float | None) -> str:
    if coefficient is None:
        return ""
    error = "" if std_error is None else f" ({std_error:.3f})"
    test = "" if p is None else f"\np = {p:.3f}"
    return f"{coefficient:.3f}{error}{test}"


def _print_lacking(rows: Sequence[Row]) -> None:
    """What of the years that were over was not printed: why strict samples are short."""
    lacking = {row[2]: row[11] for row in rows if row[11] is not None}
    if lacking:
        print("\nNot printed by then, in any document at hand:")
    for known_by, text in lacking.items():
        print(f"  {known_by}: {text}")
