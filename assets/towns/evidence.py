"""What the data say for or against an assumption that an estimator needs.

Belongs here: the result type. Not here: any test (pre_trends.py, placebo.py, sensitivity.py,
spillovers.py) or the assumptions themselves, which stand beside each estimator (NEEDS).
"""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["supports", "contradicts", "cannot say"]

SIGNIFICANCE = 0.05  # below this p-value a test speaks against the assumption


@dataclass(frozen=True, slots=True)
class Evidence:
    """One test of one assumption, as a row and as a sentence."""

    estimator: str
    assumption: str
    test: str
    statistic: float
    p_value: float  # nan where the test is not one of significance
    verdict: Verdict
    sentence: str


def verdict_of(p_value: float) -> Verdict:
    """Contradicts where the test rejects; a test that does not reject supports."""
    return "contradicts" if p_value < SIGNIFICANCE else "supports"
