"""What is said about several effects at once: Wald tests and uniform bands.

Belongs here: inference from the influence functions of any estimator. Not here: the effects.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import chi2

from assets.towns.estimators.town_effect import LEVEL, WithInfluence

BAND_DRAWS = 999
# Draws held in memory at a time: this many times towns numbers of eight bytes.
_BATCH = 100
_GOLDEN = (1 + 5**0.5) / 2


@dataclass(frozen=True, slots=True)
class WaldTest:
    """Test that all of some effects are zero."""

    statistic: float  # chi-squared under the null
    degrees_of_freedom: int
    p_value: float


def wald_test(result: WithInfluence) -> WaldTest:
    """Test that every effect is zero; effects that are so by construction do not count.

    Where some effects are combinations of others, or there are more of them than towns, the
    generalised inverse is taken, and the rank of the covariance counts.
    """
    counted = np.any(result.influence != 0, axis=0)
    influence = result.influence[:, counted]
    effect = np.array([cell.estimate for cell in result.estimates])[counted]
    return wald(effect, influence.T @ influence / len(result.town) ** 2)


def wald(effect: NDArray[np.float64], covariance: NDArray[np.float64]) -> WaldTest:
    """Test that effects, (cells,), with this covariance are all zero; see wald_test()."""
    rank = int(np.linalg.matrix_rank(covariance, hermitian=True)) if effect.size else 0
    statistic = float(effect @ np.linalg.pinv(covariance, hermitian=True) @ effect)
    return WaldTest(statistic, rank, float(chi2.sf(statistic, rank)) if rank else float("nan"))


def with_band(result: WithInfluence, generator: np.random.Generator) -> WithInfluence:
    """The result, its effects by event time with the band that holds all of them at once.

    Overall means, and effects without a standard error, are in no band.
    """
    has_error = np.array([one.std_error > 0 for one in result.estimates])
    banded = has_error & [one.target == "event_time" and one.cell != "" for one in result.estimates]
    if not banded.any():
        return result
    critical = critical_value(result.influence[:, banded], generator)
    estimates = tuple(
        replace(
            one,
            band_low=one.estimate - critical * one.std_error,
            band_high=one.estimate + critical * one.std_error,
        )
        if inside
        else one
        for one, inside in zip(result.estimates, banded, strict=True)
    )
    return replace(result, estimates=estimates)


def critical_value(
    influence: NDArray[np.float64], generator: np.random.Generator, draws: int = BAND_DRAWS
) -> float:
    """What takes the place of 1.96 where all effects are to lie in their intervals at once.

    influence: (towns, cells). The LEVEL quantile of the largest studentised deviation in draws of
    the multiplier bootstrap over towns, with Mammen's two-point weights. The standard error of the
    draws is known, so that a band never lies within the intervals of its effects; `did` estimates
    it from their interquartile range. Source: Callaway and Sant'Anna (2021), Journal of
    Econometrics 225, algorithm 1; Montiel Olea and Plagborg-Møller (2019), Journal of Applied
    Econometrics 34, 1-17.
    """
    std_error = np.sqrt(np.sum(influence**2, axis=0)) / len(influence)
    deviation = np.abs(bootstrapped(influence, generator, draws)) / std_error
    return max(float(np.quantile(deviation.max(axis=1), LEVEL)), float(ndtri(0.5 + LEVEL / 2)))


def bootstrapped(
    influence: NDArray[np.float64], generator: np.random.Generator, draws: int
) -> NDArray[np.float64]:
    """(draws, cells): means of the influence functions under random multipliers."""
    towns = len(influence)
    batches = []
    for start in range(0, draws, _BATCH):
        shape = (min(_BATCH, draws - start), towns)
        multiplier = np.where(generator.random(shape) < _GOLDEN / 5**0.5, 1 - _GOLDEN, _GOLDEN)
        batches.append(multiplier @ influence / towns)
    return np.concatenate(batches)
