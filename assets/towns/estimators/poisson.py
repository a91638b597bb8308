"""Poisson pseudo-maximum likelihood with town and year effects, for outcomes that may be zero.

Belongs here: the estimator, its cluster-robust influence, and what its zeros make inestimable.
Not here: which effects are averaged, or what margins they add up to (`margins.py`).
Town effects are concentrated out: given the rest, a town's fitted values share out its own total.
Sources: Santos Silva and Tenreyro (2006), Review of Economics and Statistics 88; Wooldridge (1999),
Journal of Econometrics 90, for the concentrated likelihood; Correia, Guimarães and Zylkin (2019),
arXiv:1903.01633, for separation.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.towns.panel.town_panel import PanelError, TownPanel

Floats = NDArray[np.float64]
STEPS = 100
CONVERGED = 1e-22  # squared Newton decrement, relative to the weighted total
SEPARATES = 1e-6  # of the largest value that the program allows


@dataclass(frozen=True, slots=True)
class PoissonFit:
    """Coefficients with what is needed to average effects and to give them an error."""

    panel: TownPanel  # towns with an outcome above zero
    coefficient: Floats  # (regressors,), years' effects first
    influence: Floats  # (towns, regressors): squares sum to towns^2 times the clustered variance
    regressors: Floats  # (towns, years, regressors)
    kept: NDArray[np.bool_]  # (towns, years): cells that are not separated
    separated: tuple[str, ...]  # towns and cells that a zero takes out, as a reader would name them

    @property
    def shares(self) -> Floats:
        """(towns, years): the part of the town's total that is expected in each year."""
        return _shares(self.regressors, self.coefficient, self.kept)

    @property
    def totals(self) -> Floats:
        """(towns,): the town's total over the cells kept."""
        return np.asarray(np.sum(self.panel.outcome * self.kept, axis=1))


def poisson(panel: TownPanel, dummies: Floats, names: tuple[str, ...]) -> PoissonFit:
    """E[outcome] = exp(town + year + dummies' coefficient), weighted by the panel's weights.

    dummies: (towns, years, regressors); names: what each stands for, for messages.
    Errors are clustered by town, without small-sample factor. Cells that are separated (zeros that
    the model could only fit by minus infinity) say nothing of the rest: they are left out and
    named. Raises PanelError for an outcome below zero, for a regressor of which nothing is left to
    estimate, and for a panel with gaps: a zero and a year that is not known are not told apart.
    """
    panel.require_balanced("Poisson with town and year effects")
    _require_counts(panel)
    separated = [
        f"{town}: zero in all years"
        for town, total in zip(panel.town, panel.outcome.sum(axis=1), strict=True)
        if total == 0
    ]
    positive = panel.outcome.sum(axis=1) > 0
    panel, dummies = panel.take(positive), dummies[positive]
    years = np.eye(len(panel.years))[:, 1:]
    regressors = np.concatenate(
        [np.broadcast_to(years, (len(panel.town), *years.shape)), dummies], axis=2
    )
    kept = ~_separated(panel.outcome, regressors)
    separated += [f"{panel.town[i]} in {panel.years[t]}" for i, t in np.argwhere(~kept)]
    _require_estimable(regressors, kept, (*map(str, panel.years[1:]), *names), separated)
    coefficient = _maximise(panel, regressors, kept)
    scores, information = _derivatives(panel, regressors, kept, coefficient)
    influence = np.asarray(len(panel.town) * np.linalg.solve(information, scores.T).T)
    return PoissonFit(panel, coefficient, influence, regressors, kept, tuple(separated))


def _require_counts(panel: TownPanel) -> None:
    below = np.argwhere(panel.outcome < 0)
    if below.size:
        town, year = below[0]
        raise PanelError(
            f"town {panel.town[town]} in {panel.years[year]}: outcome "
            f"{panel.outcome[town, year]:g} is below zero, Poisson needs counts or amounts"
        )
    if not panel.outcome.any():
        raise PanelError("every outcome is zero: there is nothing to estimate")


def _shares(regressors: Floats, coefficient: Floats, kept: NDArray[np.bool_]) -> Floats:
    index = np.where(kept, regressors @ coefficient, -np.inf)
    odds = np.exp(index - index.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def _within(regressors: Floats, shares: Floats) -> Floats:
    """Regressors less their mean in the town, weighted by the town's shares."""
    means = np.einsum("it,itk->ik", shares, regressors)
    return np.asarray(regressors - means[:, None, :])


def _derivatives(
    panel: TownPanel, regressors: Floats, kept: NDArray[np.bool_], coefficient: Floats
) -> tuple[Floats, Floats]:
    """Scores by town, (towns, regressors), and information, of the concentrated likelihood."""
    outcome = panel.outcome * kept
    shares = _shares(regressors, coefficient, kept)
    fitted = outcome.sum(axis=1, keepdims=True) * shares
    inner = _within(regressors, shares)
    scores = panel.weight[:, None] * np.einsum("it,itk->ik", outcome - fitted, regressors)
    flat = inner.reshape(-1, inner.shape[2])
    information = flat.T @ (flat * (panel.weight[:, None] * fitted).reshape(-1, 1))
    return scores, information


def _maximise(panel: TownPanel, regressors: Floats, kept: NDArray[np.bool_]) -> Floats:
    """Newton's method; the step is halved while it lowers the likelihood."""
    coefficient = np.zeros(regressors.shape[2])
    total = float(np.sum(panel.weight[:, None] * panel.outcome))
    value = _likelihood(panel, regressors, kept, coefficient)
    for _ in range(STEPS):
        scores, information = _derivatives(panel, regressors, kept, coefficient)
        score = scores.sum(axis=0)
        step = np.linalg.solve(information, score)
        if score @ step <= CONVERGED * total:
            return np.asarray(coefficient + step)
        length, slack = 1.0, 1e-12 * abs(value)
        while _likelihood(panel, regressors, kept, coefficient + length * step) < value - slack:
            length /= 2
        coefficient = coefficient + length * step
        value = _likelihood(panel, regressors, kept, coefficient)
    raise PanelError(f"Poisson has not converged after {STEPS} steps")


def _likelihood(
    panel: TownPanel, regressors: Floats, kept: NDArray[np.bool_], coefficient: Floats
) -> float:
    outcome = panel.outcome * kept
    shares = _shares(regressors, coefficient, kept)
    logs = np.log(np.where(outcome > 0, shares, 1))
    return float(np.sum(panel.weight[:, None] * outcome * logs))


def _require_estimable(
    regressors: Floats,
    kept: NDArray[np.bool_],
    names: tuple[str, ...],
    separated: list[str],
) -> None:
    """Refuse a regressor that town effects and the others explain among the cells kept."""
    shares = kept / kept.sum(axis=1, keepdims=True)
    inner = (_within(regressors, shares) * kept[:, :, None]).reshape(-1, len(names))
    triangle = np.linalg.qr(inner, mode="r")
    size = np.sqrt(np.sum(inner**2, axis=0))
    lost = np.flatnonzero(np.abs(np.diagonal(triangle)) <= 1e-9 * np.maximum(size, 1))
    if lost.size:
        raise PanelError(
            f"{names[lost[0]]}: nothing is left to estimate. Either every outcome of its cells is "
            "zero (a fall of 100 %, minus infinity in logs), or its towns sold nothing before, or "
            f"no other town sold anything then. Zeros in the way: {', '.join(separated[:5])}. "
            "Leave the cohort or the year out"
        )


def _separated(outcome: Floats, regressors: Floats) -> NDArray[np.bool_]:
    """Cells with a zero that some direction of the model sends to minus infinity, (towns, years).

    A linear program: find town effects and coefficients whose index is zero wherever the outcome
    is positive and at most zero elsewhere; cells where it can be below zero are separated.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, hstack, vstack

    zero: NDArray[np.bool_] = outcome == 0
    if not zero.any():
        return zero
    towns, years, count = regressors.shape
    cell = np.arange(towns * years)
    effects = csr_array((np.ones(cell.size), (cell, cell // years)), shape=(cell.size, towns))
    design = hstack([effects, csr_array(regressors.reshape(-1, count))], format="csr")
    flat = zero.ravel()
    below, fixed = design[flat], design[~flat]
    found = linprog(
        below.sum(axis=0),
        A_ub=vstack([below, -below], format="csr"),
        b_ub=np.repeat([0.0, 1.0], below.shape[0]),
        A_eq=fixed,
        b_eq=np.zeros(fixed.shape[0]),
        bounds=(None, None),
    )
    if found.status != 0:
        raise PanelError(f"the search for separated zeros failed: {found.message}")
    separated = np.zeros(flat.size, dtype=bool)
    separated[flat] = below @ found.x < -SEPARATES
    return np.asarray(separated.reshape(zero.shape))
