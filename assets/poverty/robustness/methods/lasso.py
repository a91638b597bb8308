"""The lasso, exactly: its whole path, and the penalty that leave-one-out chooses.

Belongs here: path and choice. Not here: other selection (subset_selection.py).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.poverty.robustness.methods.closed_form import without_each_row

# Two events of the path closer than this, as a share of the penalty, are one event.
_SAME = 1e-10


@dataclass(frozen=True, slots=True)
class LassoPath:
    """Coefficients between the penalties at which a regressor enters or leaves; linear between.

    penalty: alpha of min |y − Zb|²/(2n) + alpha Σ|b|, columns of Z centred with variance 1
    (divisor n): what scikit-learn and glmnet call alpha and lambda.
    """

    penalty: NDArray[np.float64]  # (knots,) falling, the last is 0
    standardised: NDArray[np.float64]  # (knots, p) slopes for regressors of variance 1


@dataclass(frozen=True, slots=True)
class Lasso:
    """The lasso at the penalty with the smallest leave-one-out error."""

    names: tuple[str, ...]
    path: LassoPath
    penalty: float
    slope: NDArray[np.float64]  # (p,) units of the data; 0 for what is left out
    kept: tuple[str, ...]
    entry_order: tuple[str, ...]  # in which regressors first enter, the penalty falling
    leave_one_out_rmse: float  # unit of y


def lasso(y: NDArray[np.float64], X: NDArray[np.float64], names: tuple[str, ...]) -> Lasso:
    """Lasso of (n,) y on (n, p) X at the penalty of least leave-one-out error.

    The error is a quadratic in the penalty between any two knots of the n left-out paths (each
    standardised anew), so its minimum is found exactly and without a grid.
    Limits: no standard errors; of regressors that move together the lasso keeps one almost by
    chance, so that "left out" does not mean "without effect"; leave-one-out at n = 8 has a large
    variance.
    Source: Tibshirani (1996), JRSS B 58, 267-288; path: Osborne, Presnell and Turlach (2000),
    IMA J. Numer. Anal. 20, 389-403; Efron et al. (2004), Ann. Stat. 32, 407-499.
    """
    path = lasso_path(y, X)
    penalty, squared_error = _chosen_penalty(y, X, float(path.penalty[0]))
    standardised = path_at(path, np.array([penalty]))[0]
    order = [int(j) for row in path.standardised for j in np.flatnonzero(row)]
    return Lasso(
        names=names,
        path=path,
        penalty=penalty,
        slope=standardised / X.std(axis=0),
        kept=tuple(names[j] for j in np.flatnonzero(standardised)),
        entry_order=tuple(names[j] for j in dict.fromkeys(order)),
        leave_one_out_rmse=float(np.sqrt(squared_error / len(y))),
    )


def lasso_path(y: NDArray[np.float64], X: NDArray[np.float64]) -> LassoPath:
    """The path of (n,) y on (n, p) X from the penalty at which nothing enters down to 0.

    Between knots b_A = G_AA⁻¹(c_A − penalty sign_A); the next knot is where a regressor outside
    reaches the correlation of those inside, or one inside reaches 0.
    """
    n, p = X.shape
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    G, c = Z.T @ Z / n, Z.T @ (y - y.mean()) / n
    first = int(np.abs(c).argmax())
    penalty = float(abs(c[first]))
    sign = np.zeros(p)
    sign[first] = np.sign(c[first])
    penalties, coefficients = [penalty], [np.zeros(p)]
    moved = first
    while penalty > 0:
        free, slope = _segment(G, c, sign)
        penalty, moved, new_sign = _next_event(G, c, sign, free, slope, penalty, moved)
        at_knot = free - penalty * slope
        if moved >= 0 and new_sign == 0:
            at_knot[moved] = 0.0
        if moved >= 0:
            sign[moved] = new_sign
        penalties.append(penalty)
        coefficients.append(at_knot)
    return LassoPath(np.array(penalties), np.array(coefficients))


def path_at(path: LassoPath, penalty: NDArray[np.float64]) -> NDArray[np.float64]:
    """(m, p) standardised coefficients at (m,) penalties."""
    columns = [
        np.interp(penalty, path.penalty[::-1], column[::-1]) for column in path.standardised.T
    ]
    return np.column_stack(columns)


def _segment(
    G: NDArray[np.float64], c: NDArray[np.float64], sign: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coefficients of this piece of the path are free - penalty * slope."""
    inside = sign != 0
    free, slope = np.zeros(len(c)), np.zeros(len(c))
    solved = np.linalg.solve(G[np.ix_(inside, inside)], np.column_stack([c[inside], sign[inside]]))
    free[inside], slope[inside] = solved[:, 0], solved[:, 1]
    return free, slope


def _next_event(
    G: NDArray[np.float64],
    c: NDArray[np.float64],
    sign: NDArray[np.float64],
    free: NDArray[np.float64],
    slope: NDArray[np.float64],
    penalty: float,
    moved: int,
) -> tuple[float, int, float]:
    """Largest penalty below this one at which a regressor enters or leaves; 0 and -1 if none does.

    moved: the regressor of the last event, which meets its condition here and now again.
    """
    best = (0.0, -1, 0.0)
    fixed, moving = c - G @ free, G @ slope  # correlation with the residual: fixed + penalty moving
    for j in range(len(c)):
        if sign[j] != 0:
            events = [(free[j] / slope[j], 0.0)] if slope[j] != 0 else []
        else:
            events = [
                (side * fixed[j] / (1 - side * moving[j]), side)
                for side in (1.0, -1.0)
                if 1 - side * moving[j] != 0
            ]
        for at, new_sign in events:
            again = j == moved and at > penalty * (1 - _SAME)
            if best[0] < at <= penalty * (1 + _SAME) and not again:
                best = (min(float(at), penalty), j, new_sign)
    return best


def _chosen_penalty(
    y: NDArray[np.float64], X: NDArray[np.float64], largest: float
) -> tuple[float, float]:
    """Penalty in [0, largest] of least squared leave-one-out error, and that error."""
    paths = [
        lasso_path(*fold) for fold in zip(without_each_row(y), without_each_row(X), strict=True)
    ]
    knots = np.unique(np.concatenate([[0.0, largest], *(path.penalty for path in paths)]))
    knots = knots[knots <= largest]
    errors = np.empty((len(knots), len(y)))
    for i, path in enumerate(paths):
        other_y, other_X = np.delete(y, i), np.delete(X, i, axis=0)
        z = (X[i] - other_X.mean(axis=0)) / other_X.std(axis=0)
        errors[:, i] = y[i] - other_y.mean() - path_at(path, knots) @ z
    low, high = errors[:-1], errors[1:]
    change = high - low
    curvature = (change**2).sum(axis=1)
    share = np.clip(-(low * change).sum(axis=1) / np.where(curvature > 0, curvature, 1.0), 0, 1)
    squared = ((low + share[:, None] * change) ** 2).sum(axis=1)
    best = int(squared.argmin())
    return float(knots[best] + share[best] * (knots[best + 1] - knots[best])), float(squared[best])
