"""The smallest set of printed numbers whose removal lets a paper's tables admit a sample.

Belongs here: the search for that set, and what is proved of it. Not here: the proofs for a few
numbers (conflicts.py), or the search for one sample (solver.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np

from assets.papers.recovery.bounds import problem_of
from assets.papers.recovery.conflicts import Conflict, hitting_sets, proven_conflicts
from assets.papers.recovery.ensemble import NotRecovered
from assets.papers.recovery.missed_numbers import Sample, misses, sample_of
from assets.papers.recovery.printed_intervals import Paper, PrintedNumber
from assets.papers.recovery.sample_moments import Array
from assets.papers.recovery.solver import solve
from assets.papers.recovery.starts import random_starts

_ZONE = 0.9
_REWEIGHTINGS = 5
_LARGEST_SIZE = 4


@dataclass(frozen=True, slots=True)
class Removal:
    """Numbers to take out of a paper, and a sample that satisfies all the others.

    alternatives: every set of this size that was found to work, the first being `removed`.
    proved_smallest: no smaller set can do, by contradictions that interval arithmetic proves
    (conflicts.py). proved_unique: besides, no other set of this size can. Where not proved, a
    smaller or another set may exist: the search is local, and a set for which it found no sample
    was not shown to have none.
    tried: sets for which a sample was sought.
    """

    removed: tuple[PrintedNumber, ...]
    sample: Sample
    alternatives: tuple[tuple[PrintedNumber, ...], ...]
    proved_smallest: bool
    proved_unique: bool
    conflicts: tuple[Conflict, ...]
    tried: int


def smallest_removal(
    paper: Paper, seed: int, starts: int = 64, suspects: int = 12, largest: int = _LARGEST_SIZE
) -> Removal:
    """Find the fewest required numbers without which a sample exists; none where one exists now.

    Sizes are tried in rising order, from the least that proven contradictions allow. Of each size
    are tried all sets that resolve every proven contradiction, filled up with the `suspects`:
    the numbers that a fit by absolute rather than squared deviations (iterative reweighting)
    leaves unsatisfied most. suspects = the number of printed numbers makes the search exhaustive.
    starts: random starts for each set. Raises NotRecovered beyond `largest` numbers.
    """
    rng = np.random.default_rng(seed)
    conflicts = proven_conflicts(paper)
    least = next(
        size
        for size in range(len(conflicts) + 1)
        if any(True for _ in hitting_sets(conflicts, size))
    )
    ranking: tuple[PrintedNumber, ...] | None = None
    near: Array = np.empty((0, paper.n, len(paper.columns)))
    tried = 0
    for size in range(least, largest + 1):
        if size > least and ranking is None:
            ranking, near = _suspects(paper, conflicts, least, starts, rng)
        working: list[tuple[tuple[PrintedNumber, ...], Sample]] = []
        for chosen in _sets(conflicts, least, size, (ranking or ())[:suspects]):
            tried += 1
            sample = _sample_without(paper, chosen, seed, starts, near)
            if sample is not None:
                working.append((tuple(sorted(chosen, key=lambda n: n.label)), sample))
        if working:
            unique = size == least and sum(1 for _ in hitting_sets(conflicts, size)) == 1
            removed, sample = working[0]
            sets = tuple(numbers for numbers, _ in working)
            return Removal(removed, sample, sets, size == least, unique, conflicts, tried)
    raise NotRecovered(
        f"{paper.source} {paper.edition}: no sample found after removing up to {largest} numbers "
        f"({tried} sets tried); allow more starts, suspects or a larger set."
    )


def _sets(
    conflicts: tuple[Conflict, ...], least: int, size: int, ranking: tuple[PrintedNumber, ...]
) -> Iterator[Conflict]:
    """Sets of one size: those of proven conflicts, filled up with suspects, first ones first."""
    seen: set[Conflict] = set()
    for extra in combinations(ranking, size - least):
        for core in hitting_sets(conflicts, least):
            chosen = core | frozenset(extra)
            if len(chosen) == size and chosen not in seen:
                seen.add(chosen)
                yield chosen


def _sample_without(
    paper: Paper, removed: Conflict, seed: int, starts: int, near: Array
) -> Sample | None:
    rest = paper.without(removed)
    rng = np.random.default_rng(seed)
    first = np.concatenate([near, random_starts(rest, starts, rng)])
    solved = solve(problem_of(rest), first, np.full(len(first), _ZONE))
    good = (X for X in solved.X[solved.feasible] if not misses(rest, X))
    return next((sample_of(rest, X, seed) for X in islice(good, 1)), None)


def _suspects(
    paper: Paper, conflicts: tuple[Conflict, ...], least: int, starts: int, rng: np.random.Generator
) -> tuple[tuple[PrintedNumber, ...], Array]:
    """Numbers by how often the best fits by absolute deviations leave them unmet; and those fits.

    The members of one way to resolve the proven conflicts are left out, being dealt with already.
    """
    rest = paper.without(next(hitting_sets(conflicts, least)))
    problem = problem_of(rest)
    X = random_starts(rest, starts, rng)
    # Deviations count less the larger they are, by one set of weights for each start.
    weights = np.ones((len(X), len(problem.low)))
    deviation = np.zeros_like(weights)
    for _ in range(_REWEIGHTINGS):
        solved = solve(problem, X, np.full(len(X), _ZONE), weights=weights)
        X, deviation = solved.X, np.abs(solved.deviation)
        weights = 1 / np.sqrt(1 + deviation)
    order = np.argsort((deviation > 0).sum(axis=1), kind="stable")[: max(starts // 4, 1)]
    unmet = (deviation[order] > 0).mean(axis=0)
    size = np.log1p(np.median(deviation[order], axis=0))
    ranked = np.lexsort((-size, -unmet))
    return tuple(rest.required[place] for place in ranked), X[order]
