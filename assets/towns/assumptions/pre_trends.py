"""Whether trends differed before certification, and whether a difference would have been seen.

Belongs here: the joint test, its power against linear trends, and the bias such trends imply. Not
here: what is concluded if trends do differ (sensitivity.py).
Source: Roth (2022), American Economic Review: Insights 4(3), 305-322, sections I and II.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import chi2, f, multivariate_normal, ncx2, norm

from assets.regression.significance import told_p
from assets.regression.verdict import SIGNIFICANCE, judge_violation
from assets.towns.assumptions.evidence import Evidence
from assets.towns.estimators.event_study import EventStudy
from assets.towns.estimators.joint import WaldTest, wald
from assets.towns.panel.event_time import REFERENCE

# joint: the Wald test of all differences at once; any: at least one differs significantly by itself
PreTest = Literal["joint", "any"]


@dataclass(frozen=True, slots=True)
class DetectableTrend:
    """The linear departure from parallel trends that the test finds with some probability."""

    power: float
    slope: float  # > 0, unit of the outcome a year
    bias: float  # what it adds to the average effect after certification


def pre_trend_test(study: EventStudy) -> WaldTest:
    """Wald test that every difference before certification is zero."""
    before = study.before
    return wald(study.beta[before], study.covariance[np.ix_(before, before)])


def p_of_few_towns(test: WaldTest, towns: float) -> float:
    """The test's p where its covariance is estimated from so many towns; nan where they are none.

    chi-squared takes the covariance for known, and rejects six true differences of 100 towns in 7
    to 8 % of samples instead of 5 (`benchmarks/assumption_verdicts.py`).
    Source: Hotelling (1931), Annals of Mathematical Statistics 2, 360-378, T² as F.
    """
    q = test.degrees_of_freedom
    left = towns - q
    return float(f.sf(test.statistic * left / (q * (towns - 1)), q, left)) if left > 0 else math.nan


def power(study: EventStudy, slope: float, test: PreTest, seed: int = 0) -> float:
    """Probability that the test of level SIGNIFICANCE rejects under a linear trend.

    slope: unit of the outcome a year. The any-test needs a normal probability in several
    dimensions, which is integrated numerically (error some 1e-5) with points that hang on the seed.
    """
    before = study.before
    drift = slope * (study.time[before] - REFERENCE)
    covariance = study.covariance[np.ix_(before, before)]
    if test == "joint":
        distance = float(drift @ np.linalg.solve(covariance, drift))
        critical = chi2.isf(SIGNIFICANCE, len(drift))
        return float(ncx2.sf(critical, len(drift), distance) if distance > 0 else SIGNIFICANCE)
    reach = norm.isf(SIGNIFICANCE / 2) * np.sqrt(np.diag(covariance))
    inside = multivariate_normal(drift, covariance, seed=seed).cdf(reach, lower_limit=-reach)
    return float(1 - inside)


def detectable_trend(
    study: EventStudy,
    wanted_power: float = 0.8,
    test: PreTest = "joint",
    weight: NDArray[np.float64] | None = None,
) -> DetectableTrend:
    """The slope at which the test has the power wanted, and the bias of the average effect then.

    weight: (post,) of the effects after certification, None for their mean.
    Raises ValueError where wanted_power does not lie between the size without trend and 1.
    """
    least = power(study, 0.0, test)
    if not least < wanted_power < 1:
        raise ValueError(f"power {wanted_power:g} is not between {least:.3f} (no trend) and 1")
    upper = float(np.sqrt(np.diag(study.covariance)[study.before]).max())
    while power(study, upper, test) < wanted_power:
        upper *= 2
    slope = float(brentq(lambda at: power(study, at, test) - wanted_power, 0, upper, rtol=1e-10))
    ahead = study.time[study.after] - REFERENCE
    return DetectableTrend(wanted_power, slope, slope * float(study.post_weight(weight) @ ahead))


@dataclass(frozen=True, slots=True)
class FittedTrend:
    """The linear trend that fits the differences before certification best."""

    bias: float  # what it would add to the average effect after certification
    std_error: float  # of the bias


def fitted_trend(study: EventStudy, weight: NDArray[np.float64] | None = None) -> FittedTrend:
    """By generalised least squares, through zero in the reference year.

    weight: as in detectable_trend().
    """
    before = study.before
    ahead = float(study.post_weight(weight) @ (study.time[study.after] - REFERENCE))
    step = (study.time[before] - REFERENCE).astype(np.float64)
    load = np.linalg.pinv(study.covariance[np.ix_(before, before)], hermitian=True) @ step
    precision = float(step @ load)
    return FittedTrend(ahead * float(load @ study.beta[before]) / precision, ahead / precision**0.5)


def evidence(
    study: EventStudy,
    assumption: str,
    weight: NDArray[np.float64] | None = None,
    wild_p: float | None = None,
    towns: float | None = None,
) -> Evidence:
    """The joint test, and the bias of the average effect by the linear trend that fits best.

    wild_p: the joint test's p-value by the wild cluster bootstrap, where towns are too few for
    F; towns: effective, on the smaller side, None: so many that chi-squared serves.
    """
    test = pre_trend_test(study)
    p_value = test.p_value if towns is None else p_of_few_towns(test, towns)
    if wild_p is not None:
        p_value = wild_p
    found = detectable_trend(study, 0.8, weight=weight)
    half = detectable_trend(study, 0.5, weight=weight)
    effect = float(study.post_weight(weight) @ study.beta[study.after])
    fitted = fitted_trend(study, weight)
    judged = judge_violation(fitted.bias, fitted.std_error, effect, p_value)
    by = "" if wild_p is None else " (wild cluster bootstrap)"
    return Evidence(
        estimator=study.estimator,
        assumption=assumption,
        test="pre_trend",
        cell="",
        statistic=test.statistic,
        p_value=p_value,
        verdict=judged.verdict,
        sentence=(
            f"The {test.degrees_of_freedom} differences before certification are jointly zero "
            f"with {told_p(p_value)}{by}. The linear trend that fits them best would move the "
            f"average effect, {effect:.3f}, by {fitted.bias:.3f}. {judged.sentence} A linear trend "
            f"of {half.slope:.4f} a year is found with 50 % probability and one of "
            f"{found.slope:.4f} with 80 %; the latter would move the average effect by "
            f"{found.bias:.3f}."
        ),
    )
