"""`yearbook audit`: what in a paper's printed tables contradicts what.

Belongs here: showing the findings of the published vintage. Not here: the rules
(`assets/papers/audit/`).
"""

import sys
from collections.abc import Sequence
from typing import Any

from assets.warehouse.home import Home
from assets.warehouse.reader import query
from orchestration.commands.pages.text_table import TextTable, print_table

_FINDINGS = """
select source, edition, rule, table_number, cell, term, other_term, statistic, printed_value,
    expected, low, high, verdict, consequence
from model.audit_finding
where vintage = (select max(vintage) from model.vintage) and coalesce(source = $source, true)
order by source, edition, verdict = 'consistent', verdict, table_number, cell, rule
"""
_COLUMNS = ("verdict", "where", "what", "printed", "follows", "rounding allows", "rule")


def print_audit(home: Home, source: str | None, with_consistent: bool) -> int:
    """Print the findings of one paper or of all; 1 where there is no such paper."""
    rows = query(home, _FINDINGS, {"source": source}).rows
    if not rows:
        what = f"no findings on '{source}'" if source else "no paper with a `paper` block"
        print(f"The published vintage has {what}; see landing/README.md.", file=sys.stderr)
        return 1
    for paper in dict.fromkeys((row[0], row[1]) for row in rows):
        _print_paper(paper, [row for row in rows if (row[0], row[1]) == paper], with_consistent)
    return 0


def _print_paper(
    paper: tuple[str, int], rows: Sequence[tuple[Any, ...]], with_consistent: bool
) -> None:
    shown = [row for row in rows if with_consistent or row[12] != "consistent"]
    counts = {verdict: sum(row[12] == verdict for row in rows) for verdict in _VERDICTS}
    numbers = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    cells = [_cells(row) for row in shown]
    print_table(TextTable(f"{paper[0]} {paper[1]}: {numbers}", _COLUMNS, cells))
    for consequence in dict.fromkeys(row[13] for row in shown if row[12] == "inconsistent"):
        print(f"- {consequence}")


_VERDICTS = ("inconsistent", "not_determinable", "consistent")


def _cells(row: tuple[Any, ...]) -> tuple[str, ...]:
    _, _, rule, table, cell, term, other, statistic, printed, expected, low, high, verdict, _ = row
    place = cell if table in cell else f"{table} {cell}"
    what = " ".join(filter(None, (statistic, term, other)))
    allowed = "" if low is None or high is None else f"{low:.4g} … {high:.4g}"
    return verdict, place, what, printed, expected, allowed, rule
