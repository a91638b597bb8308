"""The audit of a paper: every rule, in the order in which a reader would check the tables.

Belongs here: which rules there are. Not here: any rule, reading documents, storing findings.
"""

from collections.abc import Sequence

import numpy as np

from assets.papers.audit.algebra import algebra_findings
from assets.papers.audit.audit_rows import Finding
from assets.papers.audit.claims import claim_findings
from assets.papers.audit.envelope import DRAWS
from assets.papers.audit.goodness import goodness_findings
from assets.papers.audit.printed_paper import Paper
from assets.papers.audit.recomputed import drawn, matrix_findings, recomputed_findings
from assets.papers.audit.spread import descriptives_findings
from assets.papers.audit.statements import (
    OfficialFigure,
    bound_findings,
    definition_findings,
    equation_findings,
    official_findings,
)
from assets.papers.audit.testing import coefficient_tests, correlation_stars


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
    that round to the printed inputs lead to one that rounds to the printed number.
    """
    findings = [
        *descriptives_findings(paper),
        *bound_findings(paper),
        *definition_findings(paper),
        *official_findings(paper, official_eg),
        *matrix_findings(paper),
        *correlation_stars(paper),
        *goodness_findings(paper),
        *coefficient_tests(paper),
        *algebra_findings(paper),
        *recomputed_findings(paper, drawn(paper, rng, draws), rng),
        *equation_findings(paper),
    ]
    return (*findings, *claim_findings(paper, findings))
