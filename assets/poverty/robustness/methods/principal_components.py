"""Principal components regression.

Belongs here: the regression on the first m components of the correlation matrix, for every m.
Not here: ridge, which shrinks components instead of dropping them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.poverty.robustness.methods.closed_form import without_each_row
from assets.regression.significance import two_sided_p
from assets.regression.standardise import standardise


@dataclass(frozen=True, slots=True)
class PrincipalComponentsRegression:
    """Coefficients of the regressors when the first 1..p components are kept."""

    names: tuple[str, ...]
    explained_share: NDArray[np.float64]  # (p,) share of the regressors' variance, by component
    slope: NDArray[np.float64]  # (p, p): row m-1 keeps m components; units of the data
    std_error: NDArray[np.float64]  # (p, p)
    p: NDArray[np.float64]  # (p, p)
    R2: NDArray[np.float64]  # (p,)
    leave_one_out_rmse: NDArray[np.float64]  # (p,) unit of y
    chosen: int  # number of components with the smallest leave-one-out error


def principal_components_regression(
    y: NDArray[np.float64], X: NDArray[np.float64], names: tuple[str, ...]
) -> PrincipalComponentsRegression:
    """Regress (n,) y on the first m components of standardised (n, p) X, m = 1..p.

    m = p is OLS. SE from the residual variance with n−m−1 degrees of freedom. The number is chosen
    by leave-one-out, scaling and components computed anew without the year that is predicted.
    Limits: components are chosen for their variance, not for what they say about y, and a dropped
    one may be the one that matters (Jolliffe 1982, Appl. Stat. 31, 300-303). SE take m as given
    and leave out the bias of dropping. With one component of trending series every coefficient
    gets the sign of its correlation: agreement of signs is then no evidence.
    """
    z = standardise(X)
    n, p = X.shape
    c = z.U.T @ (y - y.mean())
    kept = np.tri(p)  # row m-1 keeps the first m
    weight = kept[:, None, :] * z.V[None] / z.singular  # (m, p, component)
    slope = weight @ c / z.length
    sse = ((y - y.mean() - (kept * c) @ z.U.T) ** 2).sum(axis=1)
    df = n - np.arange(1, p + 1) - 1
    std_error = np.sqrt((sse / df)[:, None] * (weight**2).sum(axis=2)) / z.length
    rmse = np.sqrt((_left_out_errors(y, X) ** 2).mean(axis=0))
    with np.errstate(divide="ignore"):  # a perfect fit has t = ±∞
        t = slope / std_error
    return PrincipalComponentsRegression(
        names=names,
        explained_share=z.singular**2 / p,
        slope=slope,
        std_error=std_error,
        p=np.array([two_sided_p(row, float(d)) for row, d in zip(t, df, strict=True)]),
        R2=1 - sse / ((y - y.mean()) ** 2).sum(),
        leave_one_out_rmse=rmse,
        chosen=int(rmse.argmin()) + 1,
    )


def _left_out_errors(y: NDArray[np.float64], X: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, p) error of predicting each row from the others, by number of components."""
    folds_y, folds_X = without_each_row(y), without_each_row(X)
    mean = folds_X.mean(axis=1, keepdims=True)
    length = np.sqrt(((folds_X - mean) ** 2).sum(axis=1, keepdims=True))
    U, s, Vt = np.linalg.svd((folds_X - mean) / length, full_matrices=False)
    level = folds_y.mean(axis=1)
    c = np.einsum("fni,fn->fi", U, folds_y - level[:, None])
    scores = np.einsum("fij,fj->fi", Vt, ((X - mean[:, 0]) / length[:, 0]))
    return np.asarray(y[:, None] - level[:, None] - np.cumsum(scores * c / s, axis=1))
