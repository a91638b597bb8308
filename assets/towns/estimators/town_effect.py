"""What every estimator of the town study returns: an effect with its uncertainty.

Belongs here: the result types, and the way from log points to per cent. Not here: any estimation.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import nan

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class TownEffect:
    """One effect, in the unit of the outcome (log points where the outcome is a log)."""

    estimator: str  # callaway_santanna, imputation, etwfe, twfe, synthetic_did, ...
    target: str  # what is averaged: att, event_time, cohort, calendar_year, ...
    cell: str  # which of them: "" for one overall number, else "e=2", "g=2015", "t=2016"
    estimate: float
    std_error: float  # nan where the method gives none
    low: float  # interval of level LEVEL
    high: float
    inference: str  # analytic, jackknife, bootstrap, placebo, ...
    towns: int
    treated_towns: int
    band_low: float = nan  # band of level LEVEL around all effects by event time; nan: no band
    band_high: float = nan


@dataclass(frozen=True, slots=True)
class WithInfluence:
    """Estimates with the influence function of each, from which tests and sums are built."""

    estimates: tuple[TownEffect, ...]  # (cells,)
    influence: NDArray[np.float64]  # (towns, cells): estimate - truth = its column's mean, nearly
    town: tuple[str, ...]  # (towns,)

    def take(self, keep: NDArray[np.bool_]) -> "WithInfluence":
        """Some of the estimates: keep is a mask, shape (cells,)."""
        kept = tuple(cell for cell, here in zip(self.estimates, keep, strict=True) if here)
        return WithInfluence(kept, self.influence[:, keep], self.town)


def estimates_with_influence(
    estimator: str,
    cells: Sequence[tuple[str, str, int]],
    effect: NDArray[np.float64],
    influence: NDArray[np.float64],
    town: tuple[str, ...],
) -> WithInfluence:
    """Estimates whose analytic standard errors, clustered by town, come from their influence.

    cells: (cells,) of target, cell and treated towns behind it; effect: (cells,);
    influence: (towns, cells); town: (towns,). The standard error is the root of the sum of squares
    of the influence over towns. An effect that is zero by construction has none (nan).
    """
    std_error = np.sqrt(np.sum(influence**2, axis=0)) / len(town)
    std_error[np.all(influence == 0, axis=0)] = np.nan
    estimates = []
    for (target, cell, treated_towns), value, error in zip(
        cells, effect.tolist(), std_error.tolist(), strict=True
    ):
        low, high = normal_interval(value, error)
        estimates.append(
            TownEffect(
                estimator=estimator,
                target=target,
                cell=cell,
                estimate=value,
                std_error=error,
                low=low,
                high=high,
                inference="analytic",
                towns=len(town),
                treated_towns=treated_towns,
            )
        )
    return WithInfluence(tuple(estimates), influence, town)


def with_errors(result: WithInfluence, std_error: NDArray[np.float64]) -> tuple[TownEffect, ...]:
    """The estimates with other errors, (cells,); one that had none (nan) keeps none."""
    found = []
    for one, error in zip(result.estimates, std_error.tolist(), strict=True):
        of_this = error if np.isfinite(one.std_error) else one.std_error
        low, high = normal_interval(one.estimate, of_this)
        found.append(replace(one, std_error=of_this, low=low, high=high))
    return tuple(found)


def normal_interval(estimate: float, std_error: float, level: float = LEVEL) -> tuple[float, float]:
    """Wald interval with the normal quantile."""
    reach = float(ndtri(0.5 + level / 2)) * std_error
    return estimate - reach, estimate + reach


def percent(log_points: float) -> float:
    """The change in per cent that a difference of logs stands for: 100 (exp(x) - 1).

    0.2784 log points are 32.1 %. The per cent of a mean log effect is that of the geometric mean;
    where effects differ between sellers it is not the change of total sales.
    """
    return float(100 * np.expm1(log_points))
