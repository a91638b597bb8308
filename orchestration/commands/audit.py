"""`yearbook audit`: what in a paper's printed tables contradicts what.

Belongs here: showing the findings of the published vintage. Not here: the rules
(`assets/papers/audit/`).
"""

import argparse
import sys
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from orchestration.commands.command import OK, PROBLEMS, Command, asking
from orchestration.commands.key import known_key
from orchestration.commands.pages.json_rows import add_json_option, print_json
from orchestration.commands.pages.text_table import (
    Shown,
    named,
    print_table,
    print_text,
    text_table,
)

_VERDICTS = ("inconsistent", "conditional", "not_determinable", "consistent")


@dataclass(frozen=True, slots=True)
class _Finding:
    source: str
    edition: int
    rule: str
    table_number: str
    cell: str
    term: str
    other_term: str
    statistic: str
    printed_value: str
    expected: str
    low: float | None
    high: float | None
    verdict: str
    consequence: str


def _where(row: _Finding) -> str:
    return row.cell if row.table_number in row.cell else f"{row.table_number} {row.cell}"


def _allowed(row: _Finding) -> str:
    known = row.low is not None and row.high is not None
    return f"{row.low:.4g} … {row.high:.4g}" if known else ""


_COLUMNS: tuple[Shown[_Finding], ...] = (
    *named("verdict"),
    Shown("where", _where),
    Shown("what", lambda row: " ".join(filter(None, (row.statistic, row.term, row.other_term)))),
    Shown("printed", lambda row: row.printed_value),
    Shown("follows", lambda row: row.expected),
    Shown("rounding allows", _allowed),
    *named("rule"),
)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", nargs="?", help="folder of the paper in landing/ (default: all)")
    parser.add_argument("--all", action="store_true", help="show what is consistent, too")
    add_json_option(parser)


def _run(home: Home, options: argparse.Namespace) -> int:
    """Print the findings of one paper or of all; a problem where there is no such paper."""
    from assets.vintages.current import published_vintage

    of = {"vintage": published_vintage(home)}
    findings = ask(home, "commands/audit_findings", _Finding, of)
    if not findings:
        told = "The published vintage has no paper with a `paper` block; see landing/README.md."
        print(told, file=sys.stderr)
        return PROBLEMS
    if options.source is not None:
        papers = {row.source: () for row in findings}
        source = known_key("audited paper", options.source, papers)
        findings = [row for row in findings if row.source == source]
    if options.json:
        print_json({"findings": findings})
        return OK
    for (paper, edition), group in groupby(findings, key=attrgetter("source", "edition")):
        own = list(group)
        counts = (
            f"{sum(row.verdict == verdict for row in own)} {verdict}" for verdict in _VERDICTS
        )
        shown = [row for row in own if options.all or row.verdict != "consistent"]
        print_table(text_table(f"{paper} {edition}: {', '.join(counts)}", _COLUMNS, shown))
        explained = ("inconsistent", "conditional")
        wrong = (row.consequence for row in shown if row.verdict in explained)
        for consequence in dict.fromkeys(wrong):
            print_text(f"- {consequence}")
    return OK


COMMAND = Command(
    70,
    "audit",
    "what contradicts what in a paper's printed tables",
    asking(_run),
    _arguments,
    examples=("yearbook audit",),
)
