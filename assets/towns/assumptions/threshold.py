"""Whether towns crowd at the certification threshold, and whether certification follows it.

Belongs here: what the tests say. Not here: the tests (`estimators/regression_discontinuity.py`).
"""

from assets.regression.verdict import judge_without_size
from assets.towns.assumptions.evidence import Evidence
from assets.towns.estimators.regression_discontinuity import (
    NAME,
    NEEDS,
    Jump,
    ThresholdSample,
    density_test,
)


def density_evidence(sample: ThresholdSample) -> Evidence:
    """Against where towns crowd on one side of the threshold."""
    test = density_test(sample)
    return Evidence(
        estimator=NAME,
        assumption=NEEDS,
        test="density",
        cell="",
        statistic=test.statistic,
        p_value=test.p_value,
        verdict=judge_without_size(test.p_value),
        sentence=test.verdict + ".",
    )


def first_stage_evidence(first: Jump) -> Evidence:
    """For where the share of certified towns jumps at the threshold.

    Where it does not, that is said in at most 2.5 % of samples: its 95 % interval lies above zero.
    """
    here = first.robust
    return Evidence(
        estimator=NAME,
        assumption="Certification follows the threshold.",
        test="first_stage",
        cell="",
        statistic=here.estimate,
        p_value=first.p_value,
        verdict="for" if here.low > 0 else "cannot say",
        sentence=(
            f"At the threshold the share of certified towns jumps by {here.estimate:.2f} "
            f"({here.low:.2f} to {here.high:.2f})"
            + ("." if here.low > 0 else ": certification does not follow it, so no effect is told.")
        ),
    )
