"""Ridge regression with inference, in the conventions of the programs that print it.

Belongs here: the fit at a given k, and its printed statistics. Not here: the choice of k.

What the p-values here do not mean. Ridge estimates are biased towards zero by an amount that
depends on the unknown coefficients, and a t-value compares the shrunken estimate with a standard
error from which that bias is left out. The p-values hold k fixed, although k was chosen from the
same data. They therefore do not test whether a coefficient is zero, their size is not that of the
nominal level, and a smaller p at a larger k shows shrinkage, not evidence. They are computed to
compare with published tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite, sqrt
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from assets.regression.coefficient import CONSTANT, Coefficient
from assets.regression.estimable import require_estimable
from assets.regression.significance import tested, upper_tail_of_f
from assets.regression.standardise import Standardised, standardise

Convention = Literal["spss", "lmridge", "mass", "glmnet"]

# lmridge rounds its hat matrix to this many decimals before it takes degrees of freedom from it.
_LMRIDGE_HAT_DECIMALS = 5


@dataclass(frozen=True, slots=True)
class RidgeRegression:
    """A ridge fit at one k. What the convention does not define is None."""

    convention: Convention
    k: float  # added to the diagonal of the correlation matrix
    penalty: float  # the same amount of shrinkage as the convention's own program counts it
    coefficients: tuple[Coefficient, ...]  # the constant first, in the units of the data
    standardised: NDArray[np.float64]  # (regressors,) slopes for variables of unit variance
    vif: NDArray[np.float64]  # (regressors,) VIF_j(k); shrinkage can take it below 1
    n: int
    df_model: float | None  # numerator degrees of freedom of F
    df_residual: float | None  # denominator degrees of freedom of F
    df_of_t: float | None
    R2: float
    adjusted_R2: float | None
    F: float | None
    p_of_F: float | None
    sigma: float | None  # standard error of the regression, unit of y


@dataclass(frozen=True, slots=True)
class _Estimate:
    """What all conventions agree on: the estimate and its parts, on the correlation scale."""

    z: Standardised
    y_mean: float
    y_length: float  # root of the sum of squares of y about its mean
    beta: NDArray[np.float64]  # (regressors,)
    root: NDArray[np.float64]  # (regressors, regressors); root root' = (R+kI)⁻¹ R (R+kI)⁻¹
    sse: float  # about 1, the total sum of squares
    ssr: float  # sum of squares of the fitted values, about 1


@dataclass(frozen=True, slots=True)
class _Inference:
    """What a convention adds to the estimate; mass and glmnet add only R2."""

    R2: float
    sigma: float | None = None
    df_model: float | None = None
    df_residual: float | None = None
    df_of_t: float | None = None
    adjusted_R2: float | None = None
    F: float | None = None
    p_of_F: float | None = None
    std_error_of_constant: float | None = None


def ridge_regression(
    y: NDArray[np.float64],
    X: NDArray[np.float64],
    names: Sequence[str],
    k: float,
    convention: Convention = "spss",
) -> RidgeRegression:
    """Regress (n,) y on (n, p) X, shrunken by k ≥ 0 on the diagonal of the correlation matrix R.

    In every convention, with r = corr(X, y) and A = (R + kI)⁻¹: beta = A r, slopes
    beta_j s_y / s_j, VIF_j(k) = [A R A]_jj. The rest differs:

    spss: macro ridgereg of SPSS. SE = √(SSE/SST/(n−p−1) [A R A]_jj) s_y/s_j; the constant's
      SE = √(s²/n + x̄' V x̄); R2 = 2 beta'r − beta'R beta = 1 − SSE/SST; t with n−p−1, F with p
      and n−p−1 degrees of freedom. k = 0 is OLS.
    lmridge: R package lmridge 1.2.2. s² = SSE/(n − tr(2H − HH')), H without the constant and
      rounded to 5 decimals as the package does; t with n − tr(H) − 1 degrees of freedom;
      R2 = SSR/SST; adjusted_R2 with (n−1)/(n−p); F = beta'V⁻¹beta/p, its p with tr(H) and
      n − tr(2H − HH'). At k = 0 the SEs are √((n−p−1)/(n−p)) times those of OLS. The package's SE
      of the constant adds scaled to unscaled quantities and is not reproduced: None.
    mass: R MASS::lm.ridge, which calls n k its lambda and prints no errors.
    glmnet: R glmnet with alpha = 0, which calls k s_y lambda (s_y with divisor n) and prints none.
    For these two R2 is 1 − SSE/SST.

    Raises NotEstimable with the reason, the same as for OLS (with k > 0 ridge would return numbers
    for collinear regressors, but not ones the data determine), and ValueError for a k that is
    negative or not finite, or an unknown convention.
    Source: Hoerl and Kennard (1970), Technometrics 12, 55-67, and the programs named.
    """
    if not (isfinite(k) and k >= 0):
        raise ValueError(f"k = {k} is not a ridge parameter; expected a number of at least 0.")
    if convention not in get_args(Convention):
        raise ValueError(f"{convention!r}: expected one of {', '.join(get_args(Convention))}.")
    require_estimable(y, X, names)
    estimate = _estimate(y, X, k)
    if convention == "spss":
        return _result(estimate, names, k, convention, k, _spss_inference(estimate))
    if convention == "lmridge":
        return _result(estimate, names, k, convention, k, _lmridge_inference(estimate, k))
    n = len(y)
    penalty = n * k if convention == "mass" else k * estimate.y_length / sqrt(n)
    return _result(estimate, names, k, convention, penalty, _Inference(R2=1 - estimate.sse))


def _estimate(y: NDArray[np.float64], X: NDArray[np.float64], k: float) -> _Estimate:
    z = standardise(X)
    y_mean = float(y.mean())
    centred = y - y_mean
    y_length = sqrt(float((centred**2).sum()))
    unit_y = centred / y_length
    root = z.V * (z.singular / (z.singular**2 + k))
    beta = root @ (z.U.T @ unit_y)
    fitted = z.columns @ beta
    sse, ssr = float(((unit_y - fitted) ** 2).sum()), float((fitted**2).sum())
    return _Estimate(z, y_mean, y_length, beta, root, sse, ssr)


def _spss_inference(e: _Estimate) -> _Inference:
    n, p = e.z.U.shape
    df = n - p - 1
    sigma = e.y_length * sqrt(e.sse / df)
    R2 = 1 - e.sse
    F = R2 / p / (e.sse / df) if e.sse > 0 else inf
    spread = e.root.T @ (e.z.mean / e.z.length)
    return _Inference(
        R2=R2,
        sigma=sigma,
        df_model=p,
        df_residual=df,
        df_of_t=df,
        adjusted_R2=1 - (1 - R2) * (n - 1) / df,
        F=F,
        p_of_F=upper_tail_of_f(F, p, df),
        std_error_of_constant=sigma * sqrt(1 / n + float(spread @ spread)),
    )


def _lmridge_inference(e: _Estimate, k: float) -> _Inference:
    n, p = e.z.U.shape
    shrinkage = e.z.singular**2 / (e.z.singular**2 + k)
    H = np.round((e.z.U * shrinkage) @ e.z.U.T, _LMRIDGE_HAT_DECIMALS)
    trace = float(np.trace(H))
    df_residual = n - 2 * trace + float((H**2).sum())
    variance = e.sse / df_residual
    whitened = np.linalg.solve(e.root, e.beta)
    F = float(whitened @ whitened) / variance / p if variance > 0 else inf
    return _Inference(
        R2=e.ssr,
        sigma=e.y_length * sqrt(variance),
        df_model=trace,
        df_residual=df_residual,
        df_of_t=n - trace - 1,
        adjusted_R2=1 - (1 - e.ssr) * (n - 1) / (n - p),
        F=F,
        p_of_F=upper_tail_of_f(F, trace, df_residual),
    )


def _result(
    e: _Estimate,
    names: Sequence[str],
    k: float,
    convention: Convention,
    penalty: float,
    inference: _Inference,
) -> RidgeRegression:
    vif = (e.root**2).sum(axis=1)
    slopes = e.beta * e.y_length / e.z.length
    estimate = np.array([e.y_mean - float(slopes @ e.z.mean), *slopes])
    std_error = np.full(len(estimate), np.nan)  # where the convention defines none
    if inference.std_error_of_constant is not None:
        std_error[0] = inference.std_error_of_constant
    if inference.sigma is not None:
        std_error[1:] = inference.sigma * np.sqrt(vif) / e.z.length
    df = np.nan if inference.df_of_t is None else inference.df_of_t
    return RidgeRegression(
        convention=convention,
        k=k,
        penalty=penalty,
        coefficients=tested((CONSTANT, *names), estimate, std_error, df),
        standardised=e.beta,
        vif=vif,
        n=len(e.z.U),
        df_model=inference.df_model,
        df_residual=inference.df_residual,
        df_of_t=inference.df_of_t,
        R2=inference.R2,
        adjusted_R2=inference.adjusted_R2,
        F=inference.F,
        p_of_F=inference.p_of_F,
        sigma=inference.sigma,
    )
