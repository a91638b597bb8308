"""Many distinct samples that all satisfy a paper's printed numbers.

Belongs here: drawing starts until enough distinct samples are found, and how far apart they lie.
Not here: one search (solver.py), or what the samples have in common (determination.py).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing import get_context

import numpy as np

from assets.papers.recovery.bounds import problem_of
from assets.papers.recovery.missed_numbers import Sample, misses, sample_of
from assets.papers.recovery.printed_intervals import Paper
from assets.papers.recovery.sample_moments import Array
from assets.papers.recovery.solver import solve
from assets.papers.recovery.starts import random_starts

BATCH = 64
MINIMUM_DISTANCE = 0.05
MOST_STARTS = 20_000
# The share of each half unit that counts as met is drawn, so that not all samples end at its edge.
_ZONES = (0.8, 0.95)


class NotRecovered(Exception):
    """Too few samples were found; the message says what was tried and which numbers stood out."""


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Distinct samples of one paper, in the order found.

    Every pair lies at least minimum_distance apart: root mean square over all cells of the
    difference in SD of the column, rows sorted by falling dependent.
    """

    paper: Paper
    samples: tuple[Sample, ...]
    minimum_distance: float
    starts: int  # random starts made
    seed: int

    @property
    def values(self) -> Array:
        """(samples, n, columns)."""
        return np.stack([sample.values for sample in self.samples])

    @property
    def distances(self) -> Array:
        """(pairs,) distances of all pairs of samples, in SD."""
        first, second = np.triu_indices(len(self.samples), 1)
        scaled = self.values / problem_of(self.paper).unit
        return np.asarray(np.sqrt(((scaled[first] - scaled[second]) ** 2).mean(axis=(1, 2))))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well the set of all samples was explored, judged from the ensemble itself.

    orders: distinct patterns of ranks within columns; seen_once: patterns that one sample has;
    unseen_share: Good's estimate (1953) of the chance that the next sample has a new pattern;
    unseen_extremes: the same for which row holds each column's minimum and maximum, a far coarser
    pattern; range_kept: share of the full range of a cell that half of the ensemble already spans
    (median over cells): near 1, more samples would widen the ranges little.
    """

    orders: int
    seen_once: int
    unseen_share: float
    extremes: int
    unseen_extremes: float
    range_kept: float


def recover(
    paper: Paper,
    count: int,
    seed: int,
    minimum_distance: float = MINIMUM_DISTANCE,
    workers: int = 1,
    most_starts: int = MOST_STARTS,
    batch: int = BATCH,
    tell: Callable[[int], None] = lambda found: None,
) -> Ensemble:
    """Find `count` distinct samples; the same for any number of workers.

    tell: is handed the number of samples found so far.

    Every sample comes from its own independent random start; none is derived from another.
    batch: starts worked on together; another batch gives other samples, no better or worse.
    Raises NotRecovered where `most_starts` starts give too few.
    """
    root = np.random.default_rng(seed)
    batches = -(-most_starts // batch)
    seeds = [int(value) for value in root.integers(2**32, size=batches)]
    unit = problem_of(paper).unit
    kept: list[Sample] = []
    made = 0
    pool = ProcessPoolExecutor(workers, get_context("spawn")) if workers > 1 else nullcontext()
    with pool as executor:
        for found in _batches(
            partial(samples_of_batch, paper, batch), seeds, executor, 2 * workers
        ):
            made += batch
            for sample in found:
                apart = (
                    np.sqrt((((sample.values - other.values) / unit) ** 2).mean()) for other in kept
                )
                if len(kept) < count and all(each >= minimum_distance for each in apart):
                    kept.append(sample)
            tell(len(kept))
            if len(kept) == count:
                if executor is not None:
                    executor.shutdown(wait=False, cancel_futures=True)
                return Ensemble(paper, tuple(kept), minimum_distance, made, seed)
    raise NotRecovered(
        f"{paper.source} {paper.edition}: {len(kept)} of {count} samples found from {made} starts. "
        "Its numbers may admit none: look for the smallest set whose removal makes them feasible "
        "(assets.papers.recovery.infeasible), or allow more starts or a smaller distance."
    )


def _batches(
    search: Callable[[int], tuple[Sample, ...]],
    seeds: list[int],
    executor: Executor | None,
    ahead: int,
) -> Iterator[tuple[Sample, ...]]:
    """Results in the order of seeds, with no more than `ahead` batches under way."""
    if executor is None:
        yield from map(search, seeds)
        return
    waiting = iter(seeds)
    under_way = [executor.submit(search, seed) for seed in islice(waiting, ahead)]
    while under_way:
        found = under_way.pop(0).result()
        under_way += [executor.submit(search, seed) for seed in islice(waiting, 1)]
        yield found


def samples_of_batch(paper: Paper, batch: int, seed: int) -> tuple[Sample, ...]:
    """The samples that one seeded batch of starts reaches, each checked by the whole fit."""
    rng = np.random.default_rng(seed)
    starts = random_starts(paper, batch, rng)
    solved = solve(problem_of(paper), starts, rng.uniform(*_ZONES, batch))
    return tuple(
        sample_of(paper, X, seed) for X in solved.X[solved.feasible] if not misses(paper, X)
    )


def coverage(ensemble: Ensemble) -> Coverage:
    """Measures of exploration; all are estimates from the ensemble, none is a guarantee."""
    values = ensemble.values
    ranks = values[:, :, 1:].argsort(axis=1, kind="stable")
    ends = np.concatenate([values.argmin(axis=1), values.argmax(axis=1)], axis=1)
    orders, extremes = _patterns(ranks), _patterns(ends)
    half = np.ptp(values[: len(values) // 2], axis=0) / np.ptp(values, axis=0)
    return Coverage(
        orders=len(orders),
        seen_once=_once(orders),
        unseen_share=_once(orders) / len(values),
        extremes=len(extremes),
        unseen_extremes=_once(extremes) / len(values),
        range_kept=float(np.median(half)),
    )


def _patterns(patterns: "np.typing.NDArray[np.intp]") -> Counter[bytes]:
    return Counter(np.ascontiguousarray(pattern).tobytes() for pattern in patterns)


def _once(patterns: Counter[bytes]) -> int:
    return sum(count == 1 for count in patterns.values())
