"""What the data say for or against an assumption that an estimator needs.

Belongs here: the result type. Not here: the rules of verdicts (`assets/regression/verdict.py`), any
test (placebo.py, pre_trends.py, sensitivity.py, spillovers.py) or the assumptions themselves, which
stand beside each estimator (NEEDS).
"""

from dataclasses import dataclass

from assets.regression.verdict import Verdict


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
