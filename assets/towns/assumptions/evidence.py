"""What the data say for or against an assumption that an estimator needs.

Belongs here: the result type. Not here: any test (pre_trends.py, placebo.py, sensitivity.py,
spillovers.py) or the assumptions themselves, which stand beside each estimator (NEEDS).
"""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["for", "against", "cannot say"]

SIGNIFICANCE = 0.05  # below this p-value a test speaks against the assumption


@dataclass(frozen=True, slots=True)
class Evidence:
    """One test of one assumption, as a row and as a sentence."""

    estimator: str
    assumption: str
    test: str  # snake_case name of the test
    cell: str  # which one, where there are several; else ""
    statistic: float
    p_value: float  # nan where the test is not one of significance
    verdict: Verdict
    sentence: str


def verdict_of(p_value: float) -> Verdict:
    """Against where the test rejects, for where it does not."""
    return "against" if p_value < SIGNIFICANCE else "for"
