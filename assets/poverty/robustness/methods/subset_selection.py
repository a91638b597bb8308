"""Choosing regressors: stepwise in SPSS's rule, and the best subset by AICc.

Belongs here: selection among the subsets of the given regressors. Not here: shrinkage (lasso.py,
ridge_choice.py).
"""

from dataclasses import dataclass
from itertools import combinations
from math import inf, log

import numpy as np
from numpy.typing import NDArray

from assets.poverty.robustness.methods.closed_form import closed_form

ENTER, REMOVE = 0.05, 0.10
# SPSS enters no regressor that others in the equation determine to this share of its variance.
_TOLERANCE = 1e-4
MOST_REGRESSORS = 10  # 1023 subsets


@dataclass(frozen=True, slots=True)
class SubsetFit:
    """OLS with a constant on one subset of the regressors; the empty one is the constant alone."""

    columns: tuple[int, ...]  # positions in the given order, rising
    slope: NDArray[np.float64]  # (columns,)
    p: NDArray[np.float64]  # (columns,)
    vif: NDArray[np.float64]  # (columns,)
    R2: float
    aicc: float | None  # None where n is too small for the correction


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a regressor entered or removed, and the p that decided it."""

    action: str  # entered or removed
    term: str
    p: float


@dataclass(frozen=True, slots=True)
class Selection:
    """Which regressors a rule keeps, their coefficients (0 for the others), and how it got there.

    p is None for a regressor that was left out; those of kept ones ignore that they were chosen.
    """

    names: tuple[str, ...]
    kept: tuple[str, ...]
    slope: NDArray[np.float64]  # (p,)
    p: tuple[float | None, ...]
    R2: float
    steps: tuple[Step, ...]  # of stepwise; empty for best subset


Subsets = dict[tuple[int, ...], SubsetFit]


def fit_subsets(y: NDArray[np.float64], X: NDArray[np.float64]) -> Subsets:
    """OLS of (n,) y on every subset of the columns of (n, p) X, by the positions of its columns.

    AICc = n ln(SSE/n) + 2K + 2K(K+1)/(n−K−1), K = regressors + 2 for constant and variance.
    Raises ValueError above ten regressors, NotEstimable where columns determine one another.
    Source: Hurvich and Tsai (1989), Biometrika 76, 297-307.
    """
    n, p = X.shape
    if p > MOST_REGRESSORS:
        raise ValueError(f"{p} regressors have {2**p} subsets; at most {MOST_REGRESSORS}.")
    sst = float(((y - y.mean()) ** 2).sum())
    none = np.empty(0)
    found: Subsets = {(): SubsetFit((), none, none, none, 0.0, _aicc(n, 0, sst))}
    for size in range(1, p + 1):
        columns = list(combinations(range(p), size))
        designs = np.moveaxis(X[:, np.array(columns)], 1, 0)
        fits = closed_form(np.broadcast_to(y, (len(columns), n)), designs, np.zeros(1))
        fits.require_estimable([f"Regressors {chosen}" for chosen in columns])
        for i, chosen in enumerate(columns):
            R2 = float(fits.R2[i, 0])
            aicc = _aicc(n, size, sst * (1 - R2))
            found[chosen] = SubsetFit(
                chosen, fits.slope[i, 0], fits.p[i, 0], fits.vif[i, 0], R2, aicc
            )
    return found


def stepwise(
    subsets: Subsets, names: tuple[str, ...], enter: float = ENTER, remove: float = REMOVE
) -> Selection:
    """Stepwise selection as SPSS REGRESSION does it (PIN, POUT, tolerance 0.0001).

    Of the regressors outside, that with the smallest p enters if p ≤ enter; then, while the
    largest p inside is ≥ remove, that regressor leaves. It ends when neither happens.
    Limits: p-values after a search are too small, the more so the more regressors were tried
    (Freedman 1983, Am. Stat. 37, 152-155); with n = 8 the path hangs on single years.
    Raises ValueError unless enter < remove, without which the search may circle.
    Source: IBM SPSS Statistics Algorithms, REGRESSION, stepwise.
    """
    if not enter < remove:
        raise ValueError(f"enter = {enter}, remove = {remove}: enter must be below remove.")
    inside: tuple[int, ...] = ()
    steps: list[Step] = []
    while (entering := _entering(subsets, inside, len(names), enter)) is not None:
        position, p = entering
        inside = tuple(sorted((*inside, position)))
        steps.append(Step("entered", names[position], p))
        while (leaving := _leaving(subsets[inside], remove)) is not None:
            position, p = leaving
            inside = tuple(column for column in inside if column != position)
            steps.append(Step("removed", names[position], p))
    return _selection(subsets[inside], names, tuple(steps))


def best_subset(subsets: Subsets, names: tuple[str, ...]) -> Selection:
    """The subset with the smallest AICc, the constant alone included.

    Limits: as for stepwise, p-values of what was chosen ignore the choice. AICc punishes hard at
    n = 8 (four regressors cost 84 more than AIC counts), and is undefined where n ≤ regressors + 3.
    """
    return _selection(
        min(subsets.values(), key=lambda fit: inf if fit.aicc is None else fit.aicc), names, ()
    )


def _entering(
    subsets: Subsets, inside: tuple[int, ...], regressors: int, enter: float
) -> tuple[int, float] | None:
    candidates = []
    for position in set(range(regressors)) - set(inside):
        fit = subsets[tuple(sorted((*inside, position)))]
        if fit.vif.max() <= 1 / _TOLERANCE:
            candidates.append((float(fit.p[fit.columns.index(position)]), position))
    if not candidates:
        return None
    p, position = min(candidates)
    return (position, p) if p <= enter else None


def _leaving(fit: SubsetFit, remove: float) -> tuple[int, float] | None:
    if not fit.columns:
        return None
    worst = int(fit.p.argmax())
    p = float(fit.p[worst])
    return (fit.columns[worst], p) if p >= remove else None


def _selection(fit: SubsetFit, names: tuple[str, ...], steps: tuple[Step, ...]) -> Selection:
    slope = np.zeros(len(names))
    slope[list(fit.columns)] = fit.slope
    p_of = dict(zip(fit.columns, map(float, fit.p), strict=True))
    return Selection(
        names=names,
        kept=tuple(names[column] for column in fit.columns),
        slope=slope,
        p=tuple(p_of.get(column) for column in range(len(names))),
        R2=fit.R2,
        steps=steps,
    )


def _aicc(n: int, regressors: int, sse: float) -> float | None:
    parameters = regressors + 2
    if n - parameters - 1 <= 0:
        return None
    likelihood = n * log(sse / n) if sse > 0 else -inf
    return likelihood + 2 * parameters + 2 * parameters * (parameters + 1) / (n - parameters - 1)
