"""Batched Levenberg-Marquardt on the part of each deviation beyond a dead zone.

Belongs here: moving many samples at once until each keeps every bound. Not here: where they start
(starts.py) or what makes two samples distinct (ensemble.py).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.papers.recovery.bounds import Problem
from assets.papers.recovery.sample_moments import Array

STEPS = 150

_FIRST_DAMPING = 1e-2
_DAMPING = (1e-14, 1e8)
_DAMPING_AFTER_GAIN, _DAMPING_AFTER_LOSS = 0.2, 4.0
# A VIF printed to three decimals bounds a sample ten thousand times as tightly as a mean does.
# At first all bounds are therefore read as this wide (in SD of the cells), then ever narrower.
_FIRST_WIDTH = 1.0
_WIDTH_AFTER_GAIN = 0.8
# No step is longer than this, in SD per cell (root mean square).
_LONGEST_STEP = 0.25


@dataclass(frozen=True, slots=True)
class Solved:
    """Where each start ended, rows sorted by falling dependent."""

    X: Array  # (batch, n, columns)
    feasible: NDArray[np.bool_]  # (batch,) every bound kept
    deviation: Array  # (batch, bounds) beyond the bound itself, in half units


@dataclass(slots=True)
class _State:
    """Where a batch stands; worked on in place."""

    X: Array
    zone: Array  # (batch,)
    values: Array  # (batch, bounds)
    jacobian: Array  # (batch, bounds, cells)
    damping: Array  # (batch,) as a share of the mean curvature
    width: Array  # (batch,) in SD


def solve(
    problem: Problem, starts: Array, zone: Array, steps: int = STEPS, weights: Array | None = None
) -> Solved:
    """Move (batch, n, q) starts until they keep all bounds, or `steps` are made.

    zone: (batch,) share of half a unit that counts as met, below 1 to end inside the bounds;
    weights: (batch, bounds) or None, factors on the deviations.
    A sample stops as soon as it keeps every bound. That a start does not reach one proves nothing.
    Source: Levenberg (1944), Quarterly of Applied Mathematics 2, 164-168; Marquardt (1963).
    """
    X = sort_rows(starts)
    batch = len(X)
    state = _State(
        X,
        zone,
        *problem.statistics(X),
        np.full(batch, _FIRST_DAMPING),
        np.full(batch, _FIRST_WIDTH),
    )
    factors = np.ones(state.values.shape) if weights is None else weights
    for _ in range(steps):
        active = np.flatnonzero(_beyond(problem, state.values).any(axis=1))
        if not len(active):
            break
        _advance(problem, state, active, factors[active])
    deviation = _beyond(problem, state.values)
    return Solved(state.X, (deviation == 0).all(axis=1), deviation)


def sort_rows(X: Array) -> Array:
    """Each (n, q) sample of a batch with its rows sorted by falling first column."""
    order = np.argsort(-X[:, :, 0], axis=1, kind="stable")
    return np.take_along_axis(X, order[:, :, None], axis=1)


def _beyond(problem: Problem, values: Array) -> Array:
    return problem.deviation(values, np.ones(len(values)))


def _advance(problem: Problem, state: _State, at: NDArray[np.intp], factors: Array) -> None:
    """One trial step of the samples `at`, kept where its cost falls."""
    n, q = state.X.shape[1:]
    unit = np.broadcast_to(problem.unit, (n, q)).reshape(-1)
    J = state.jacobian[at] * unit / problem.half_width[:, None]
    sensitivity = np.sqrt((J**2).sum(axis=2))
    weight = factors / np.maximum(1.0, state.width[at][:, None] * sensitivity)
    deviation = problem.deviation(state.values[at], state.zone[at]) * weight
    step = _step(J * (weight * (deviation != 0))[:, :, None], deviation, state.damping[at])
    trial = sort_rows(state.X[at] + (step * unit).reshape(-1, n, q))
    with np.errstate(all="ignore"):  # a trial may leave where the statistics are defined
        values, jacobian = problem.statistics(trial)
        cost = ((problem.deviation(values, state.zone[at]) * weight) ** 2).sum(axis=1)
        finite = np.isfinite(cost) & np.isfinite(jacobian).all(axis=(1, 2))
        better = finite & (cost < (deviation**2).sum(axis=1))
    kept = at[better]
    state.X[kept], state.values[kept] = trial[better], values[better]
    state.jacobian[kept] = jacobian[better]
    factor = np.where(better, _DAMPING_AFTER_GAIN, _DAMPING_AFTER_LOSS)
    state.damping[at] = np.clip(state.damping[at] * factor, *_DAMPING)
    state.width[kept] *= _WIDTH_AFTER_GAIN


def _step(J: Array, deviation: Array, damping: Array) -> Array:
    """(batch, cells) damped Gauss-Newton steps in SD, shortened where they are too long."""
    cells = J.shape[2]
    H = np.swapaxes(J, 1, 2) @ J
    gradient = (J * deviation[:, :, None]).sum(axis=1)
    curvature = np.maximum(np.trace(H, axis1=1, axis2=2) / cells, np.finfo(float).tiny)
    H[:, range(cells), range(cells)] += (damping * curvature)[:, None]
    step: Array = np.linalg.solve(H, -gradient[:, :, None])[:, :, 0]
    length = np.sqrt((step**2).sum(axis=1))
    longest = _LONGEST_STEP * np.sqrt(cells)
    return np.asarray(step * np.minimum(1.0, longest / np.maximum(length, 1e-300))[:, None])
