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
from assets.towns.estimators.joint import WaldTest, wald
from assets.towns.estimators.staggered.event_study import EventStudy
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
    df: float  # of Student's t; infinite where the covariance is taken for known


def fitted_trend(
    study: EventStudy, weight: NDArray[np.float64] | None = None, towns: float | None = None
) -> FittedTrend:
    """By generalised least squares, through zero in the reference year.

    weight, towns: as in evidence(). The weights of the years come from a covariance of so many
    towns; the error that takes them for given is too small. The slope is the mean of one contrast
    of the differences adjusted for all contrasts that no trend moves, a regression over towns: the
    larger those others (T² that the trend leaves), the larger its error, and each takes a degree of
    freedom. Exact where differences of towns are normal.
    Source: Rao (1967), Proceedings of the Fifth Berkeley Symposium 1, 355-372; Grizzle and Allen
    (1969), Biometrics 25, 357-381.
    """
    before = study.before
    ahead = float(study.post_weight(weight) @ (study.time[study.after] - REFERENCE))
    step = (study.time[before] - REFERENCE).astype(np.float64)
    beta = study.beta[before]
    inverse = np.linalg.pinv(study.covariance[np.ix_(before, before)], hermitian=True)
    load = inverse @ step
    precision = float(step @ load)
    slope = float(load @ beta) / precision
    bias, error = ahead * slope, ahead / precision**0.5
    if towns is None:
        return FittedTrend(bias, error, math.inf)
    df = max(towns - len(step), 1.0)
    left = max(float(beta @ inverse @ beta) - slope**2 * precision, 0.0)
    return FittedTrend(bias, error * ((towns - 1 + left) / df) ** 0.5, df)


def evidence(
    study: EventStudy,
    assumption: str,
    weight: NDArray[np.float64] | None = None,
    wild_p: float | None = None,
    towns: float | None = None,
) -> Evidence:
    """The joint test, and the bias of the average effect by the linear trend that fits best.

    weight: as in detectable_trend(). wild_p: the joint test's p-value by the wild cluster
    bootstrap, where towns are too few for F; towns: effective, on the smaller side, None: so many
    that the covariance may be taken for known.
    """
    test = pre_trend_test(study)
    p_value = test.p_value if towns is None else p_of_few_towns(test, towns)
    if wild_p is not None:
        p_value = wild_p
    found = detectable_trend(study, 0.8, weight=weight)
    half = detectable_trend(study, 0.5, weight=weight)
    effect = float(study.post_weight(weight) @ study.beta[study.after])
    fitted = fitted_trend(study, weight, towns)
    judged = judge_violation(fitted.bias, fitted.std_error, effect, p_value, fitted.df)
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
