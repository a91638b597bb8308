"""What is said about several effects at once: Wald tests and uniform bands.

Belongs here: inference from the influence functions of any estimator. Not here: the effects.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, norm

from assets.towns.estimators.town_effect import LEVEL, WithInfluence

# Draws held in memory at a time: this many times towns numbers of eight bytes.
_BATCH = 100
_GOLDEN = (1 + 5**0.5) / 2


@dataclass(frozen=True, slots=True)
class WaldTest:
    """Test that all of some effects are zero."""

    statistic: float  # chi-squared under the null
    degrees_of_freedom: int
    p_value: float


@dataclass(frozen=True, slots=True)
class UniformBand:
    """A band that holds all effects at once with probability LEVEL."""

    critical_value: float  # in place of 1.96
    low: NDArray[np.float64]  # (cells,); nan where an effect is zero by construction
    high: NDArray[np.float64]  # (cells,)
    draws: int


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


def uniform_band(
    result: WithInfluence, generator: np.random.Generator, draws: int = 999
) -> UniformBand:
    """Uniform band by the multiplier bootstrap over towns, with Mammen's two-point weights.

    The largest studentised deviation of each draw is taken, the standard errors being those of the
    draws' interquartile ranges. Source: Callaway and Sant'Anna (2021), Journal of Econometrics
    225, algorithm 1.
    """
    counted = np.any(result.influence != 0, axis=0)
    deviation = bootstrapped(result.influence[:, counted], generator, draws)
    low, high = np.quantile(deviation, [0.25, 0.75], axis=0)
    std_error = (high - low) / (norm.ppf(0.75) - norm.ppf(0.25))
    critical = float(np.quantile(np.max(np.abs(deviation) / std_error, axis=1), LEVEL))
    reach = np.full(len(counted), np.nan)
    reach[counted] = critical * std_error
    effect = np.array([cell.estimate for cell in result.estimates])
    return UniformBand(critical, effect - reach, effect + reach, draws)


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
