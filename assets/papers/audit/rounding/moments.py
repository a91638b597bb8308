"""OLS and ridge from moments: correlations, means and standard deviations, many sets at once.

Belongs here: the algebra, over stacks of moment sets. Not here: rounding (envelope.py). For one
data set `ridge_regression` gives the same numbers from the data themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Moments:
    """Stacks of moments; the dependent variable first, then the p regressors."""

    R: Floats  # (sets, p+1, p+1), correlation matrices
    mean: Floats  # (sets, p+1)
    sd: Floats  # (sets, p+1), positive

    def of(self, variables: Sequence[int]) -> "Moments":
        """The moments of some of the variables, in the order given."""
        chosen = np.array(variables)
        return Moments(self.R[:, chosen[:, None], chosen], self.mean[:, chosen], self.sd[:, chosen])


@dataclass(frozen=True, slots=True)
class MomentFits:
    """Fits to stacks of moments, as the SPSS macro ridgereg computes them; k = 0 is OLS."""

    coefficient: Floats  # (sets, p+1), the constant first
    std_error: Floats  # (sets, p+1)
    R2: Floats  # (sets,)
    adjusted_R2: Floats  # (sets,)
    F: Floats  # (sets,)
    vif: Floats  # (sets, p)

    @property
    def t(self) -> Floats:
        """(sets, p+1)"""
        return np.asarray(self.coefficient / self.std_error)


def positive_definite(R: Floats) -> NDArray[np.bool_]:
    """Which of (sets, q, q) symmetric matrices are positive definite, beyond rounding error."""
    return np.asarray(np.linalg.eigvalsh(R)[:, 0] > 1e-12)


def fit_moments(moments: Moments, n: int, k: float) -> MomentFits:
    """Fit every set of moments; all correlation matrices positive definite, n > p + 1.

    With R the correlations of the regressors, r those with y and A = (R + kI)⁻¹: b = A r,
    R2 = 2b'r - b'Rb, VIF = diag(A R A), SE = √((1-R2)/(n-p-1) VIF) s_y/s_x; the constant's SE is
    √(s²/n + x̄'Vx̄). Source: SPSS macro ridgereg; Hoerl and Kennard (1970), Technometrics 12.
    """
    p = moments.R.shape[1] - 1
    df = n - p - 1
    R, r = moments.R[:, 1:, 1:], moments.R[:, 1:, 0]
    A = np.linalg.inv(R + k * np.eye(p))
    b = np.einsum("sij,sj->si", A, r)
    R2 = 2 * np.einsum("si,si->s", b, r) - np.einsum("si,sij,sj->s", b, R, b)
    spread = A @ R @ A
    vif = np.diagonal(spread, axis1=1, axis2=2)
    ratio = moments.sd[:, :1] / moments.sd[:, 1:]
    unit = np.maximum(1 - R2, 0.0) / df  # s² in units of (n-1) s_y²
    slopes, x_mean = b * ratio, moments.mean[:, 1:]
    constant = moments.mean[:, 0] - np.einsum("si,si->s", slopes, x_mean)
    pull = x_mean * ratio
    of_constant = unit * (
        moments.sd[:, 0] ** 2 * (n - 1) / n + np.einsum("si,sij,sj->s", pull, spread, pull)
    )
    with np.errstate(divide="ignore"):
        F = R2 / p / unit
    return MomentFits(
        coefficient=np.column_stack([constant, slopes]),
        std_error=np.column_stack([np.sqrt(of_constant), np.sqrt(unit[:, None] * vif) * ratio]),
        R2=R2,
        adjusted_R2=1 - (1 - R2) * (n - 1) / df,
        F=F,
        vif=vif,
    )
