"""The audit of a paper: every rule, in the order in which a reader would check the tables.

Belongs here: which rules there are, and trying what the paper leaves unsaid before a number is
called misprinted. Not here: any rule, reading documents, storing findings.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assets.papers.audit.audit_rows import Finding
from assets.papers.audit.conventions import Alternative, open_alternatives, taken, touches
from assets.papers.audit.printed_paper import Paper
from assets.papers.audit.rounding.envelope import DRAWS
from assets.papers.audit.rules.algebra import algebra_findings
from assets.papers.audit.rules.claims import claim_findings
from assets.papers.audit.rules.combined import combination_findings
from assets.papers.audit.rules.goodness import goodness_findings
from assets.papers.audit.rules.recomputed import drawn, matrix_findings, recomputed_findings
from assets.papers.audit.rules.spread import descriptives_findings
from assets.papers.audit.rules.statements import (
    OfficialFigure,
    bound_findings,
    definition_findings,
    equation_findings,
    official_findings,
)
from assets.papers.audit.rules.testing import coefficient_tests, correlation_stars

Ways = tuple[Alternative, ...]


def audit(
    paper: Paper,
    official_eg: Sequence[OfficialFigure],
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> tuple[Finding, ...]:
    """Hold every printed number of a paper against what the others imply.

    official_eg: official gross product per head (10,000 yuan per person) by vintage and year; may
    be empty. rng: the seeded generator of the rounding envelopes. draws: size of the envelopes.
    A rule whose inputs are not printed yields nothing. A finding is inconsistent only if no values
    that round to the printed inputs lead to one that rounds to the printed number, however the
    card leaves open that the numbers were made; it is conditional where some way would.
    """
    return beside_official(paper, on_its_own(paper, rng, draws), official_eg)


def on_its_own(paper: Paper, rng: np.random.Generator, draws: int = DRAWS) -> tuple[Finding, ...]:
    """What the printed tables alone say; most of the time of an audit."""
    findings = [*_closed_form(paper), *_drawn(paper, rng, draws)]
    return tuple(_explained(paper, findings, rng, draws))


def beside_official(
    paper: Paper, findings: Sequence[Finding], official_eg: Sequence[OfficialFigure]
) -> tuple[Finding, ...]:
    """Findings of the tables alone, what official figures add, and the claims under all of them."""
    findings = [*findings, *official_findings(paper, official_eg)]
    return (*findings, *claim_findings(paper, findings))


def _closed_form(paper: Paper) -> list[Finding]:
    """What follows from the tables alone, their numbers made as the paper's conventions say."""
    return [
        *descriptives_findings(paper),
        *bound_findings(paper),
        *definition_findings(paper),
        *matrix_findings(paper),
        *correlation_stars(paper),
        *goodness_findings(paper),
        *coefficient_tests(paper),
        *combination_findings(paper),
        *algebra_findings(paper),
        *equation_findings(paper),
    ]


def _drawn(paper: Paper, rng: np.random.Generator, draws: int) -> list[Finding]:
    """The same by envelopes, which take most of the time."""
    return list(recomputed_findings(paper, drawn(paper, rng, draws), rng))


def _explained(
    paper: Paper, findings: list[Finding], rng: np.random.Generator, draws: int
) -> list[Finding]:
    """Try, table by table, what the card leaves open, and say what would make it consistent.

    A way explains a table if it leaves nothing inconsistent in it, and makes nothing inconsistent
    in a table that was free of it; of several the fewest ways are named, all that are as few.
    """
    wrong = _wrong(findings)
    explained: dict[str, list[Ways]] = {}
    for ways in open_alternatives(paper.stated):
        candidates = {
            table
            for table, rules in wrong.items()
            if len(explained.get(table, [ways])[0]) == len(ways)
            and all(touches(ways, rule) for rule in rules)
        }
        other = paper.under(taken(paper.conventions, ways))
        still = _wrong(_closed_form(other)) if candidates else wrong
        if candidates - still.keys() and still.keys() <= wrong.keys():
            still |= _wrong(_drawn(other, rng, draws))
            if still.keys() <= wrong.keys():
                for table in candidates - still.keys():
                    explained.setdefault(table, []).append(ways)
    return [
        _conditional(each, explained[each.table_number])
        if each.verdict == "inconsistent" and each.table_number in explained
        else each
        for each in findings
    ]


def _wrong(findings: Sequence[Finding]) -> dict[str, set[str]]:
    """The rules that found something inconsistent, by table."""
    found: dict[str, set[str]] = {}
    for each in findings:
        if each.verdict == "inconsistent":
            found.setdefault(each.table_number, set()).add(each.rule)
    return found


def _conditional(finding: Finding, explained: Sequence[Ways]) -> Finding:
    ways = ", or if ".join(" and ".join(way.words for way in ways) for ways in explained)
    text = f"Consistent if {ways}; the card does not say. Otherwise: {finding.consequence}"
    return replace(finding, verdict="conditional", consequence=text)
