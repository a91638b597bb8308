"""Constraints on a sample's rows that figures from outside the paper would add.

Belongs here: such constraints, and whether any sample was found that keeps them. Not here: the
figures (the caller passes them), or the paper's own numbers (bounds.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from assets.papers.printed_number import half_unit_of
from assets.papers.recovery.bounds import Problem, RowConstraint, problem_of, scale_of
from assets.papers.recovery.missed_numbers import Sample, misses, sample_of
from assets.papers.recovery.printed_intervals import Paper
from assets.papers.recovery.sample_moments import Array
from assets.papers.recovery.solver import solve
from assets.papers.recovery.starts import random_starts

_ZONES = (0.8, 0.95)
_BATCH = 64


@dataclass(frozen=True, slots=True)
class OutsideAnswer:
    """Whether a sample was found that keeps the tables and the constraints at once.

    Not found is not a proof that none exists: it is the outcome of `starts` seeded starts.
    violation: the largest breach of a constraint by the sample given, in the constraint's unit (0
    where feasible); inf and no sample where no start kept the paper's own numbers.
    """

    feasible: bool
    sample: Sample | None
    violation: float
    breached: tuple[str, ...]
    starts: int
    found: int  # samples that keep everything


def dependent_in_row(paper: Paper, row: int, printed: str) -> RowConstraint:
    """The dependent's value in a row (0 = the largest) rounds to a figure printed elsewhere."""
    weights = np.zeros((paper.n, len(paper.columns)))
    weights[row, 0] = 1
    half, value = float(half_unit_of(printed)), float(printed)
    label = f"{paper.columns[0]} of row {row + 1} = {printed}"
    return RowConstraint(label, weights, value - half, value + half, half)


def rising(paper: Paper, column: str) -> tuple[RowConstraint, ...]:
    """A column rises from row to row as the dependent falls."""
    place = paper.columns.index(column)
    unit = scale_of(paper, column)[1] / 100  # deviations are counted in hundredths of the SD
    constraints = []
    for row in range(paper.n - 1):
        weights = np.zeros((paper.n, len(paper.columns)))
        weights[row + 1, place], weights[row, place] = 1, -1
        label = f"{column} rises from row {row + 1} to {row + 2}"
        constraints.append(RowConstraint(label, weights, 0.0, inf, unit))
    return tuple(constraints)


def outside_constraints(
    paper: Paper, values: Mapping[int, str], rising_column: str | None = None
) -> tuple[RowConstraint, ...]:
    """Figures of the dependent by row (0 = the largest), and a column that must rise."""
    of_rows = tuple(dependent_in_row(paper, row, text) for row, text in sorted(values.items()))
    return of_rows + (rising(paper, rising_column) if rising_column else ())


def seek_with_constraints(
    paper: Paper, constraints: Sequence[RowConstraint], rng: np.random.Generator, starts: int = 640
) -> OutsideAnswer:
    """Look for samples that keep every required number and every constraint."""
    problem, tables = problem_of(paper, constraints), problem_of(paper)
    best: tuple[float, tuple[str, ...], Sample | None] = (inf, (), None)
    found = 0
    batches = -(-starts // _BATCH)
    for _ in range(batches):
        seed = int(rng.integers(2**32))
        for X, breach in _closest(problem, tables, np.random.default_rng(seed)):
            worst = float(breach.max(initial=0.0))
            found += worst == 0
            if worst < best[0]:
                labels = tuple(constraints[int(place)].label for place in np.flatnonzero(breach))
                best = worst, labels, sample_of(paper, X, seed)
    violation, labels, sample = best
    return OutsideAnswer(found > 0, sample, violation, labels, _BATCH * batches, found)


def _closest(
    problem: Problem, tables: Problem, rng: np.random.Generator
) -> Iterator[tuple[Array, Array]]:
    """Samples that keep the paper's own numbers, and by how much they breach each constraint.

    Where both cannot be kept, the search ends between them; from there it goes on to the nearest
    sample of the tables alone, whose breach is then small.
    """
    own = len(tables.low)
    zone = rng.uniform(*_ZONES, _BATCH)
    solved = solve(problem, random_starts(tables.paper, _BATCH, rng), zone)
    if not solved.feasible.any():
        solved = solve(tables, solved.X, zone)
    values, _ = problem.statistics(solved.X)
    breach = np.abs(problem.deviation(values, np.ones(_BATCH))[:, own:])
    for place in np.flatnonzero(solved.feasible):
        if not misses(tables.paper, solved.X[place]):
            yield solved.X[place], breach[place]
