"""Predictions of one year from the years before it.

Belongs here: one function an estimator. Not here: which years are known (known_by.py), errors
(backtest.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from assets.regression.ols import ordinary_least_squares
from assets.regression.ridge import Convention, ridge_regression

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Forecast:
    """A prediction with its 95 % interval; None where the estimator has none. Units of y."""

    value: float
    low: float | None
    high: float | None


def ols_forecast(
    y: NDArray[np.float64],
    X: NDArray[np.float64],
    names: Sequence[str],
    x_next: NDArray[np.float64],
) -> Forecast:
    """Predict from (n,) y on (n, p) X at (p,) x_next.

    The interval is that of Student's t with the variance σ²(1 + x'(X'X)⁻¹x), exact under
    independent normal errors. Raises NotEstimable, with the reason.
    """
    fit = ordinary_least_squares(y, X, names)
    x = np.concatenate([[1.0], x_next])
    value = float(x @ [c.estimate for c in fit.coefficients])
    half = float(stdtrit(fit.df_residual, (1 + LEVEL) / 2)) * sqrt(
        fit.sigma**2 + float(x @ fit.covariance @ x)
    )
    return Forecast(value, value - half, value + half)


def ridge_forecast(
    y: NDArray[np.float64],
    X: NDArray[np.float64],
    names: Sequence[str],
    x_next: NDArray[np.float64],
    k: float,
    convention: Convention,
) -> Forecast:
    """The same by ridge at k, without an interval: its estimates are biased by an unknown amount.

    Scaling the variables does not change it, since k is counted on the correlation matrix.
    Raises NotEstimable, with the reason.
    """
    fit = ridge_regression(y, X, names, k, convention)
    x = np.concatenate([[1.0], x_next])
    return Forecast(float(x @ [c.estimate for c in fit.coefficients]), None, None)


def last_value_forecast(y: NDArray[np.float64]) -> Forecast:
    """No change: the last of (n,) y in the order of years."""
    return Forecast(float(y[-1]), None, None)


def trend_forecast(y: NDArray[np.float64], years: Sequence[int], year: int) -> Forecast:
    """The straight line through (n,) y over the years. Raises NotEstimable for under 3 years."""
    when = np.array(years, dtype=np.float64)[:, None]
    return ols_forecast(y, when, ("year",), np.array([float(year)]))
