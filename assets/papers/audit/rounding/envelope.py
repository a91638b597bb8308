"""Rounding envelopes: how far a result can move while every printed input keeps its digits.

Belongs here: drawing inputs inside their rounding, and pushing towards a number that no draw
reached. Not here: which printed numbers are inputs or results (recomputed.py).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.papers.audit.rounding.interval import Interval

Floats = NDArray[np.float64]
DRAWS = 40_000
FEWEST = 100  # fewer possible draws than this show no envelope
_ATTEMPTS = 5  # draws are tried up to this many times DRAWS before the rest is given up
_PARENTS, _CHILDREN, _GENERATIONS = 8, 32, 60
_STEP, _SHRINK = 0.7, 0.93  # of half a unit; the step falls to 1 % of it over the generations
_PATIENCE, _PROGRESS = 8, 0.01  # give up when so many generations come less than 1 % nearer


@dataclass(frozen=True, slots=True)
class Box:
    """Printed inputs: each lies within half a unit of its last digit."""

    centre: Floats  # (inputs,)
    half: Floats  # (inputs,)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a result can be. first_half: of half of the draws, to show that more change little."""

    allowed: Interval
    first_half: Interval


Possible = Callable[[Floats], NDArray[np.bool_]]  # (draws, inputs) -> (draws,)
Result = Callable[[Floats], Floats]  # (draws, inputs) -> (draws,)


def draw(
    box: Box, possible: Possible, rng: np.random.Generator, draws: int = DRAWS
) -> tuple[Floats, float]:
    """Draw inputs uniformly inside their rounding; keep those that are possible together.

    Returns up to `draws` kept rows, (kept, inputs), and the share of the draws that was kept.
    """
    kept: list[Floats] = []
    tried = count = 0
    while count < draws and tried < _ATTEMPTS * draws:
        inputs = box.centre + box.half * rng.uniform(-1, 1, (draws, len(box.centre)))
        good = inputs[possible(inputs)]
        kept.append(good)
        tried, count = tried + draws, count + len(good)
    return np.concatenate(kept)[:draws], count / tried


def envelope(values: Floats) -> Envelope:
    """The range of a result over (draws,) draws, and over the first half of them."""
    return Envelope(_range(values), _range(values[: max(len(values) // 2, 1)]))


def pushed(
    found: Interval,
    target: Interval,
    box: Box,
    possible: Possible,
    result: Result,
    inputs: Floats,
    rng: np.random.Generator,
) -> Interval:
    """Widen a range towards a target, by search among possible inputs instead of more draws.

    An evolution strategy: the nearest draws are perturbed, clipped to the box, and the nearest
    children kept, until the target is met or the search no longer comes nearer. A number is called
    inconsistent only after this search, since draws rarely visit the corners of a box.
    """
    parents = inputs[np.argsort(_distance(result(inputs), target))[:_PARENTS]]
    step = _STEP
    reached = found
    gaps: list[float] = []
    for _ in range(_GENERATIONS):
        moves = rng.normal(0, step, (len(parents) * _CHILDREN, len(box.half))) * box.half
        moves *= rng.random(moves.shape) < rng.random((len(moves), 1))  # some move few inputs
        children = np.repeat(parents, _CHILDREN, axis=0) + moves
        children = np.clip(children, box.centre - box.half, box.centre + box.half)
        pool = np.concatenate([parents, children[possible(children)]])
        values = result(pool)
        seen = _range(values)
        reached = Interval(min(reached.low, seen.low), max(reached.high, seen.high))
        distance = _distance(values, target)
        gaps.append(float(distance.min()))
        stuck = len(gaps) > _PATIENCE and gaps[-1] > (1 - _PROGRESS) * gaps[-1 - _PATIENCE]
        if stuck or target.meets(reached):
            break
        parents = pool[np.argsort(distance)[:_PARENTS]]
        step *= _SHRINK
    return reached


def _distance(values: Floats, target: Interval) -> Floats:
    return np.asarray(np.maximum(target.low - values, values - target.high))


def _range(values: Floats) -> Interval:
    return Interval(float(values.min()), float(values.max()))
