"""Whether a regression is about more than a common trend.

Belongs here: first differences, the regression with a trend, the regression on the trend alone.
Not here: what unrelated trending series would give (trend_baseline.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assets.poverty.robustness.trends.serial_correlation import DurbinWatson, durbin_watson
from assets.regression.estimable import reason_not_estimable
from assets.regression.ols import OrdinaryLeastSquares, ordinary_least_squares

TREND = "time trend"


@dataclass(frozen=True, slots=True)
class TrendChecks:
    """Fits beside the one in levels; None with the reason where one cannot be estimated."""

    trend_alone: OrdinaryLeastSquares  # y on the calendar year
    first_differences: OrdinaryLeastSquares | None  # constant = drift
    reason_no_differences: str | None
    detrended: OrdinaryLeastSquares | None  # the last coefficient is the trend's, per year
    reason_not_detrended: str | None
    durbin_watson: DurbinWatson  # of the regression in levels


def trend_checks(
    y: NDArray[np.float64],
    X: NDArray[np.float64],
    names: tuple[str, ...],
    years: tuple[int, ...],
    residual: NDArray[np.float64],
) -> TrendChecks:
    """Refit (n,) y on (n, p) X against time; residual: (n,) of OLS in levels, years rising.

    first_differences: changes on changes, with a constant for the drift, so that a straight common
      trend cancels; not made where a year is missing in between.
    detrended: levels with the year added as a regressor, which equals taking a straight line out of
      y and every regressor (Frisch and Waugh 1933, Lovell 1963).
    trend_alone: how much of y the calendar explains without any regressor.
    Limits: with n = 8 and p = 4 both leave 2 residual degrees of freedom, so "not significant" is
    the expected outcome even of a true effect; what they can show is that a sign turns. Unit root
    and cointegration tests and HAC errors mean nothing at this n and are left out.
    """
    when = np.array(years, dtype=np.float64)
    differences, no_differences = _fit(np.diff(y), np.diff(X, axis=0), names, np.abs(X).max(axis=0))
    if (gap := gap_in_years(years)) is not None:
        differences, no_differences = None, gap
    with_trend = np.column_stack([X, when])
    detrended, not_detrended = _fit(y, with_trend, (*names, TREND), np.zeros(with_trend.shape[1]))
    return TrendChecks(
        trend_alone=ordinary_least_squares(y, when[:, None], (TREND,)),
        first_differences=differences,
        reason_no_differences=no_differences,
        detrended=detrended,
        reason_not_detrended=not_detrended,
        durbin_watson=durbin_watson(residual, X),
    )


def gap_in_years(years: Sequence[int]) -> str | None:
    """Say between which years one is missing, or None."""
    for before, after in pairwise(years):
        if after != before + 1:
            return f"No first differences: {after} does not follow {before}."
    return None


def _fit(
    y: NDArray[np.float64],
    X: NDArray[np.float64],
    names: tuple[str, ...],
    magnitude: NDArray[np.float64],
) -> tuple[OrdinaryLeastSquares | None, str | None]:
    """magnitude: (p,) of the values X was taken from, to tell a difference from rounding."""
    for name, column, size in zip(names, X.T, magnitude, strict=True):
        if np.ptp(column) <= 8 * np.finfo(np.float64).eps * size:
            return None, f"{name} changes by the same amount every year: not to be told from drift."
    if reason := reason_not_estimable(y, X, names):
        return None, reason
    return ordinary_least_squares(y, X, names), None
