"""The ridge trace: every coefficient over the ridge constant, with its band.

Belongs here: the curve. Not here: which k to take (ridge_choice.py).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from assets.poverty.robustness.methods.closed_form import closed_form

_POINTS_PER_DECADE = 10
_FIRST, _LAST = 1e-4, 1.0


def printed_k(k: float) -> float:
    """k to six digits: what stands in a setting is then exactly what was fitted."""
    return float(f"{k:.6g}")


@dataclass(frozen=True, slots=True)
class RidgeTrace:
    """Coefficients at each of m values of k, rising from 0; SPSS convention."""

    names: tuple[str, ...]
    k: NDArray[np.float64]  # (m,)
    slope: NDArray[np.float64]  # (m, p) in the units of the data
    low: NDArray[np.float64]  # (m, p)
    high: NDArray[np.float64]  # (m, p)
    standardised: NDArray[np.float64]  # (m, p)
    p: NDArray[np.float64]  # (m, p)
    vif: NDArray[np.float64]  # (m, p)
    R2: NDArray[np.float64]  # (m,)
    effective_df: NDArray[np.float64]  # (m,)
    confidence: float


def ridge_trace(
    y: NDArray[np.float64],
    X: NDArray[np.float64],
    names: tuple[str, ...],
    extra_k: tuple[float, ...] = (),
    confidence: float = 0.95,
) -> RidgeTrace:
    """Trace (n,) y on (n, p) X over 0, ten values a decade from 0.0001 to 1, and extra_k.

    Bands: slope ± t(n−p−1) SE at that k.
    Limits: the bands hold k fixed and leave out the bias that k brings, so they are too narrow by
    an unknown amount and narrow as k grows; a coefficient whose band clears zero only at large k
    was made so by shrinkage. Use the trace to see what depends on k, not to test.
    Raises NotEstimable where columns of X determine one another.
    Source: Hoerl and Kennard (1970), Technometrics 12, 55-67.
    """
    decades = np.log10(_LAST / _FIRST)
    grid = np.geomspace(_FIRST, _LAST, round(decades * _POINTS_PER_DECADE) + 1)
    k = np.unique([0.0, *map(printed_k, grid.tolist()), *extra_k])
    fits = closed_form(y[None], X[None], k)
    fits.require_estimable(["The ridge trace"])
    half = float(stdtrit(fits.df_residual, (1 + confidence) / 2)) * fits.std_error[0]
    return RidgeTrace(
        names=names,
        k=k,
        slope=fits.slope[0],
        low=fits.slope[0] - half,
        high=fits.slope[0] + half,
        standardised=fits.standardised[0],
        p=fits.p[0],
        vif=fits.vif[0],
        R2=fits.R2[0],
        effective_df=fits.effective_df[0],
        confidence=confidence,
    )
