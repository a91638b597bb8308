"""How large a ridge constant the data themselves ask for, by the usual rules.

Belongs here: the rules, and where a given k stands among them. Not here: the fit at a k (ridge.py)
and the trace (ridge_trace.py).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize_scalar

from assets.regression.standardise import Standardised, standardise

HOERL_KENNARD_BALDWIN = "hoerl_kennard_baldwin"
LAWLESS_WANG = "lawless_wang"
GCV = "gcv"
LEAVE_ONE_OUT = "leave_one_out"
VIF_10 = "max_vif_10"

VIF_LIMIT = 10.0
# Searched: 0, and from where shrinkage is no longer felt to where little but the mean is left.
SMALLEST_K, LARGEST_K = 1e-8, 10.0
_GRID_POINTS = 361  # forty a decade


@dataclass(frozen=True, slots=True)
class RidgeChoice:
    """The k of one rule, and what the given k is beside it."""

    rule: str
    k: float  # on the diagonal of the correlation matrix
    effective_df: float  # tr H(k) ≤ p, the constant not counted
    given_over_k: float | None  # given k / k of the rule; None where the rule says 0


def ridge_choices(
    y: NDArray[np.float64], X: NDArray[np.float64], given_k: float
) -> tuple[RidgeChoice, ...]:
    """Choose k for (n,) y on (n, p) X by five rules, and compare given_k with each.

    On the correlation scale, b and s² = SSE/(n−p−1) from OLS:
    hoerl_kennard_baldwin: p s² / b'b (Hoerl, Kennard and Baldwin 1975, Comm. Stat. 4, 105-123);
    lawless_wang: p s² / b'Rb, which is 1/F (Lawless and Wang 1976, Comm. Stat. A5, 307-323);
    gcv: smallest n SSE/(n − 1 − tr H)² (Golub, Heath and Wahba 1979, Technometrics 21, 215-223);
      the constant counts, which MASS leaves out;
    leave_one_out: smallest Σ(e_i/(1−h_i))², h with the constant, the scaling that of all rows;
    max_vif_10: smallest k with no VIF_j(k) above 10 (Marquardt 1970, Technometrics 12, 591-612).
    The two minima are searched from 1e-8 to 10 and at 0.
    Limits: all five take the k of one small sample for that of the population; with n = 8 their k
    differ by factors of a hundred, which is itself the finding. The first four ask which k
    predicts, the last which looks stable; none asks whether a coefficient is zero.
    """
    z = standardise(X)
    centred = y - y.mean()
    unit_y = centred / np.sqrt((centred**2).sum())
    c = z.U.T @ unit_y
    n, p = z.U.shape
    b = z.V @ (c / z.singular)
    s2 = float(((unit_y - z.U @ c) ** 2).sum()) / (n - p - 1)
    chosen = {
        HOERL_KENNARD_BALDWIN: p * s2 / float(b @ b),
        LAWLESS_WANG: p * s2 / float(c @ c),
        GCV: _minimum(lambda k: gcv(z, unit_y, k)),
        LEAVE_ONE_OUT: _minimum(lambda k: press(z, unit_y, k)),
        VIF_10: smallest_k_with_vif(z, VIF_LIMIT),
    }
    return tuple(
        RidgeChoice(rule, k, effective_df(z, k), given_k / k if k > 0 else None)
        for rule, k in chosen.items()
    )


def effective_df(z: Standardised, k: float) -> float:
    """Trace of the hat matrix at k, the constant not counted."""
    return float((z.singular**2 / (z.singular**2 + k)).sum())


def gcv(
    z: Standardised, unit_y: NDArray[np.float64], k: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Generalised cross-validation at (m,) k, for centred (n,) unit_y; the constant counts."""
    n = len(unit_y)
    residual, trace = _residual(z, unit_y, k), _shrinkage(z, k).sum(axis=1)
    return np.asarray(n * (residual**2).sum(axis=1) / (n - 1 - trace) ** 2)


def press(
    z: Standardised, unit_y: NDArray[np.float64], k: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Sum of squared leave-one-out errors at (m,) k, for centred (n,) unit_y.

    Exact for a penalty held fixed: the left-out row does not change mean and scale of the penalty.
    """
    leverage = 1 / len(unit_y) + _shrinkage(z, k) @ (z.U**2).T
    return np.asarray(((_residual(z, unit_y, k) / (1 - leverage)) ** 2).sum(axis=1))


def smallest_k_with_vif(z: Standardised, limit: float) -> float:
    """Smallest k at which no VIF_j(k) exceeds the limit; every VIF falls in k."""

    def excess(k: float) -> float:
        root = z.V * (z.singular / (z.singular**2 + k))
        return float((root**2).sum(axis=1).max()) - limit

    if excess(0.0) <= 0:
        return 0.0
    upper = 1.0
    while excess(upper) > 0:
        upper *= 10
    return float(brentq(excess, 0.0, upper, xtol=1e-15, rtol=1e-13))


def _shrinkage(z: Standardised, k: NDArray[np.float64]) -> NDArray[np.float64]:
    """(m, p)"""
    return np.asarray(z.singular**2 / (z.singular**2 + k[:, None]))


def _residual(
    z: Standardised, unit_y: NDArray[np.float64], k: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(m, n)"""
    c = z.U.T @ unit_y
    return np.asarray(unit_y - (_shrinkage(z, k) * c) @ z.U.T)


def _minimum(criterion: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> float:
    """The k of the lowest value: the best of a grid, refined between its neighbours."""
    grid = np.geomspace(SMALLEST_K, LARGEST_K, _GRID_POINTS)
    values = criterion(np.concatenate([[0.0], grid]))
    best = int(values.argmin())
    if best == 0:
        return 0.0
    low, high = grid[max(best - 2, 0)], grid[min(best, len(grid) - 1)]
    refined = minimize_scalar(
        lambda log_k: float(criterion(np.array([np.exp(log_k)]))[0]),
        bounds=(float(np.log(low)), float(np.log(high))),
        method="bounded",
        options={"xatol": 1e-10},
    )
    return float(np.exp(refined.x))
