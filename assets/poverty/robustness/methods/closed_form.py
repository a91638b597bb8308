"""OLS and ridge of many small designs at many k at once, without a refit in a loop.

Belongs here: one decomposition of a stack of designs, and the estimates that follow from it. Not
here: which designs (specification_curve.py and others choose them); the fit that is printed, with
its constant (ols.py, ridge.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.regression.estimable import NotEstimable
from assets.regression.significance import two_sided_p

# As in estimable.py: below this multiple of machine precision what is left over is rounding.
_ROUNDING = 64.0 * np.finfo(np.float64).eps


@dataclass(frozen=True, slots=True)
class ClosedForm:
    """Estimates of d designs of p regressors at m values of k, SPSS convention, k = 0 is OLS.

    Rows of a design that is not estimable hold numbers without meaning.
    """

    k: NDArray[np.float64]  # (m,)
    estimable: NDArray[np.bool_]  # (d,)
    df_residual: int
    slope: NDArray[np.float64]  # (d, m, p) in the units of the data
    std_error: NDArray[np.float64]  # (d, m, p)
    p: NDArray[np.float64]  # (d, m, p) two-sided; for k > 0 conditional on k and not a test
    standardised: NDArray[np.float64]  # (d, m, p) slopes for variables of unit variance
    vif: NDArray[np.float64]  # (d, m, p)
    R2: NDArray[np.float64]  # (d, m) 1 - SSE/SST
    effective_df: NDArray[np.float64]  # (d, m) trace of the hat matrix, the constant not counted

    def require_estimable(self, designs: Sequence[str]) -> None:
        """Raise NotEstimable for the first design that is not; designs: what to call each."""
        for design, estimable in zip(designs, self.estimable.tolist(), strict=True):
            if not estimable:
                raise NotEstimable(f"{design}: a variable is constant or others determine it.")


def closed_form(
    y: NDArray[np.float64],
    X: NDArray[np.float64],
    k: NDArray[np.float64],
    magnitude: NDArray[np.float64] | None = None,
    y_magnitude: float | None = None,
    df_lost: int = 0,
    constant: bool = True,
) -> ClosedForm:
    """Fit (d, n) y on (d, n, p) X, each with a constant unless told, at every one of (m,) k ≥ 0.

    With columns centred, where there is a constant, and scaled to length one, X = U diag(s) V' and
    c = U'y give beta = V diag(s/(s²+k)) c, VIF_j(k) = Σ_i V_ji² s_i²/(s_i²+k)² and
    SSE = |y − Uc|² + Σ c_i² k²/(s_i²+k)²; SE² = SSE/(n−p−constant−df_lost) VIF_j(k).
    magnitude: (p,) or (d, p) size of the values X was computed from, against which differences and
    deviations from a trend are judged to be rounding; y_magnitude: the same of y. By default the
    size of X and y themselves.
    df_lost: degrees of freedom spent before, such as one for a trend taken out.
    A design is not estimable where y or a column is constant or columns determine one another.
    Raises NotEstimable where no residual degree of freedom is left.
    Source: Hoerl and Kennard (1970), Technometrics 12, 55-67.
    """
    n, p = X.shape[1:]
    df = n - p - constant - df_lost
    if df < 1:
        raise NotEstimable(f"{n} rows and {p} regressors leave {df} residual degrees of freedom.")
    size = np.abs(X).max(axis=1) if magnitude is None else magnitude
    y_size = np.abs(y).max(axis=1) if y_magnitude is None else y_magnitude
    y_centred, X_centred = y, X
    if constant:
        y_centred, X_centred = y - y.mean(axis=1, keepdims=True), X - X.mean(axis=1, keepdims=True)
    y_length, length = _lengths(y_centred, 1), _lengths(X_centred, 1)
    tolerance = _ROUNDING * n
    varies = (length > tolerance * size).all(axis=1) & (y_length > tolerance * y_size)
    length = np.where(varies[:, None], length, 1.0)
    y_length = np.where(varies, y_length, 1.0)
    U, s, Vt = np.linalg.svd(X_centred / length[:, None, :], full_matrices=False)
    estimable = varies & (s[:, -1] > tolerance * np.maximum(1.0, (size / length).max(axis=1)))
    s = np.where(estimable[:, None], s, 1.0)
    c = np.einsum("dni,dn->di", U, y_centred / y_length[:, None])
    residual = y_centred / y_length[:, None] - np.einsum("dni,di->dn", U, c)
    left_over = k[None, :, None] / (s[:, None, :] ** 2 + k[None, :, None])  # (d, m, p)
    root = s[:, None, :] / (s[:, None, :] ** 2 + k[None, :, None])
    beta = np.einsum("dij,dmi->dmj", Vt, root * c[:, None, :])
    vif = np.einsum("dij,dmi->dmj", Vt**2, root**2)
    sse = (residual**2).sum(axis=1)[:, None] + ((c[:, None, :] * left_over) ** 2).sum(axis=2)
    to_units = (y_length[:, None] / length)[:, None, :]
    slope = np.where(estimable[:, None, None], beta * to_units, 0.0)
    std_error = np.sqrt(sse[:, :, None] / df * vif) * to_units
    with np.errstate(divide="ignore", invalid="ignore"):  # a perfect fit has t = ±∞, or 0
        t = np.where(slope == 0, 0.0, slope / std_error)
    return ClosedForm(
        k=k,
        estimable=estimable,
        df_residual=df,
        slope=slope,
        std_error=np.where(estimable[:, None, None], std_error, 0.0),
        p=two_sided_p(t, df),
        standardised=beta,
        vif=vif,
        R2=1 - sse,
        effective_df=(1 - left_over).sum(axis=2),
    )


def without_each_row(data: NDArray[np.float64]) -> NDArray[np.float64]:
    """Stack of (n, n-1, ...) copies of (n, ...) data, the i-th without row i."""
    n = len(data)
    keep = np.array([[row for row in range(n) if row != left_out] for left_out in range(n)])
    return np.asarray(data[keep])


def _lengths(data: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    return np.asarray(np.sqrt((data**2).sum(axis=axis)))
