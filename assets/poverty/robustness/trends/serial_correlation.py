"""The Durbin-Watson test with its exact p-value.

Belongs here: the statistic and its distribution given the regressors. Not here: regressions in
differences or on trends (trend_checks.py).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad

from assets.regression.estimable import NotEstimable


@dataclass(frozen=True, slots=True)
class DurbinWatson:
    """Near 2 without first-order serial correlation, towards 0 with positive, 4 with negative."""

    statistic: float
    p_positive: float | None  # one-sided, against positive correlation; None at 1 residual df


def durbin_watson(residual: NDArray[np.float64], X: NDArray[np.float64]) -> DurbinWatson:
    """Durbin-Watson of (n,) OLS residuals of a regression on a constant and (n, p) X.

    p: probability of a value this low under independent normal errors, exact for this X by
    Imhof's integral over the eigenvalues of MAM, instead of the bounds dL and dU.
    Limits: at n = 8 with four regressors three directions of residuals remain; the test finds only
    extreme correlation, and a high p says little.
    Sources: Durbin and Watson (1971), Biometrika 58, 1-19; Imhof (1961), Biometrika 48, 419-426.
    Raises NotEstimable where the residuals are all zero.
    """
    total = float(residual @ residual)
    if total == 0:
        raise NotEstimable("A perfect fit has no residuals to test for serial correlation.")
    statistic = float((np.diff(residual) ** 2).sum()) / total
    # left_over: (n, n-p-1) orthonormal columns orthogonal to a constant and X.
    centred = X - X.mean(axis=0)
    design = np.column_stack([np.ones(len(X)), centred / np.sqrt((centred**2).sum(axis=0))])
    full = np.linalg.qr(design, mode="complete")[0]
    left_over = full[:, design.shape[1] :]
    if left_over.shape[1] < 2:
        return DurbinWatson(statistic, None)
    changes = np.diff(left_over, axis=0)
    eigenvalues = np.asarray(np.linalg.eigvalsh(changes.T @ changes), dtype=np.float64)
    return DurbinWatson(statistic, _below_zero(eigenvalues - statistic))


def _below_zero(weight: NDArray[np.float64]) -> float:
    """Probability that Σ weight_i χ²_i(1) is below 0; u = tan(angle) makes the range finite."""
    scaled = weight / np.abs(weight).max()

    def integrand(angle: float) -> float:
        u = np.tan(angle)
        turn = 0.5 * np.arctan(scaled * u).sum()
        log_size = 0.25 * np.log1p((scaled * u) ** 2).sum()
        return float(np.sin(turn) * np.exp(-log_size) / (np.sin(angle) * np.cos(angle)))

    integral = quad(integrand, 0.0, np.pi / 2, epsabs=1e-10, limit=200)[0]
    return float(np.clip(0.5 - integral / np.pi, 0.0, 1.0))
