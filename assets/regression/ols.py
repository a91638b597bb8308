"""Ordinary least squares, with the digits kept that ill-conditioned regressors tend to cost.

Belongs here: the fit, its tests and its goodness of fit. Not here: diagnostics of a fit
(variance_inflation.py) or shrinkage (ridge.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from statsmodels.regression.linear_model import OLS  # statsmodels.api loads all there is

from assets.regression.coefficient import CONSTANT, Coefficient
from assets.regression.estimable import require_estimable
from assets.regression.significance import tested, upper_tail_of_f

# One step already reaches the precision of the data on every NIST set; the second is insurance.
_REFINEMENTS = 2
# The shift need not be the mean, only near it. A round number, in steps of this part of the spread,
# leaves X - shift exact where a mean with all its digits would round every value.
_SHIFT_STEPS = 64


@dataclass(frozen=True, slots=True)
class OrdinaryLeastSquares:
    """An OLS fit in the units of the data. Without a constant R, R2, adjusted_R2 are uncentred."""

    coefficients: tuple[Coefficient, ...]  # the constant first, then in the order of X
    n: int
    df_model: int  # regressors, the constant not counted
    df_residual: int
    R: float  # multiple correlation, √R2
    R2: float
    adjusted_R2: float
    F: float
    p_of_F: float
    sigma: float  # standard error of the regression, unit of y
    covariance: NDArray[np.float64]  # (coefficients, coefficients)
    fitted: NDArray[np.float64]  # (n,)
    residual: NDArray[np.float64]  # (n,)


@dataclass(frozen=True, slots=True)
class _Solution:
    """Coefficients and residuals on the design's own scale."""

    coefficient: NDArray[np.longdouble]
    residual: NDArray[np.longdouble]
    R_inverse: NDArray[np.float64]  # (X'X)⁻¹ = R⁻¹ R⁻¹'


def ordinary_least_squares(
    y: NDArray[np.float64], X: NDArray[np.float64], names: Sequence[str], constant: bool = True
) -> OrdinaryLeastSquares:
    """Regress (n,) y on (n, regressors) X.

    1. Columns are shifted to about zero mean (only where a constant absorbs the shift; it takes
       powers and neighbouring years apart) by a round number, and scaled by powers of two, so that
       their sizes and distances from zero no longer count towards the condition number and
       nothing is rounded on the way.
    2. statsmodels solves by QR, which does not square the condition number as X'X does.
    3. The solution is refined with residuals in extended precision, coefficients and residuals
       together, since large residuals otherwise leak into the coefficients (Björck 1967, BIT 7,
       257-278). Where long double is no longer than double this still does no harm.
    4. The result is carried back to the units of the data.
    Raises NotEstimable, with the reason.
    """
    require_estimable(y, X, names, constant=constant)
    mean = X.mean(axis=0) if constant else np.zeros(X.shape[1])
    scale = 2.0 ** np.round(np.log2(np.sqrt(((X - mean) ** 2).mean(axis=0))))
    shift = np.round(mean / scale * _SHIFT_STEPS) / _SHIFT_STEPS * scale
    Z = (X - shift) / scale
    solution = _solve(y, np.column_stack([np.ones(len(Z)), Z]) if constant else Z)

    to_units = np.diag(1 / scale).astype(np.longdouble)  # from coefficients of Z to those of X
    if constant:
        to_constant = np.concatenate([[1], -shift / scale.astype(np.longdouble)])
        to_units = np.vstack([to_constant, np.pad(to_units, ((0, 0), (1, 0)))])
    estimate = (to_units @ solution.coefficient).astype(np.float64)
    root = to_units.astype(np.float64) @ solution.R_inverse

    terms = (CONSTANT, *names) if constant else tuple(names)
    n, df_model, df_residual = len(y), len(names), len(y) - len(terms)
    long_y = y.astype(np.longdouble)
    about = long_y - long_y.mean() if constant else long_y
    total, unexplained = float((about**2).sum()), float((solution.residual**2).sum())
    R2 = 1 - unexplained / total
    sigma = sqrt(unexplained / df_residual)
    explained = float((about**2).sum() - (solution.residual**2).sum())
    F = explained / df_model / sigma**2 if sigma > 0 else float("inf")
    return OrdinaryLeastSquares(
        coefficients=tested(terms, estimate, sigma * np.sqrt((root**2).sum(axis=1)), df_residual),
        n=n,
        df_model=df_model,
        df_residual=df_residual,
        R=sqrt(max(R2, 0.0)),
        R2=R2,
        adjusted_R2=1 - (1 - R2) * (n - constant) / df_residual,
        F=F,
        p_of_F=upper_tail_of_f(F, df_model, df_residual),
        sigma=sigma,
        covariance=sigma**2 * root @ root.T,
        fitted=(long_y - solution.residual).astype(np.float64),
        residual=solution.residual.astype(np.float64),
    )


def _solve(y: NDArray[np.float64], Z: NDArray[np.float64]) -> _Solution:
    start = OLS(y, Z).fit(method="qr").params
    Q, R = np.linalg.qr(Z)
    long_y, long_Z = y.astype(np.longdouble), Z.astype(np.longdouble)
    b = np.asarray(start, dtype=np.longdouble)
    e = long_y - long_Z @ b
    for _ in range(_REFINEMENTS):
        # What is missing from e + Zb = y and from Z'e = 0, solved for with the same Q and R.
        from_fit = (long_y - e - long_Z @ b).astype(np.float64)
        from_orthogonality = (-(long_Z.T @ e)).astype(np.float64)
        step = Q.T @ from_fit - np.linalg.solve(R.T, from_orthogonality)
        b = b + np.linalg.solve(R, step)
        e = e + (from_fit - Q @ step)
    return _Solution(b, e, np.linalg.solve(R, np.eye(len(R))))
