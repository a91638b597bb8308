"""Printed numbers that contradict each other for certain, whatever the sample.

Belongs here: contradictions that interval arithmetic on a few numbers proves. Not here: those that
only a search suggests (infeasible.py).
"""

from collections.abc import Iterable, Iterator
from itertools import combinations
from math import inf, sqrt

from assets.papers.recovery.bounds import bound_of
from assets.papers.recovery.printed_intervals import Paper, PrintedNumber

Interval = tuple[float, float]
Conflict = frozenset[PrintedNumber]

_FIT_STATISTICS = ("R", "R2", "adjusted_R2", "F", "p")
# Far above the rounding of the arithmetic here, far below a printed digit.
_SLACK = 1e-9


def proven_conflicts(paper: Paper) -> tuple[Conflict, ...]:
    """Smallest sets of required numbers that no sample can satisfy at once.

    Found among: estimate, SE, t and p of a coefficient; R, R², adjusted R², F and p of a fit;
    minimum, maximum, mean and SD of a column. From every set at least one number must go. There
    may be contradictions of other kinds that are not found here.
    """
    found = {*_of_tests(paper), *_of_fits(paper), *_of_columns(paper)}
    smallest = [one for one in found if not any(other < one for other in found)]
    return tuple(sorted(smallest, key=lambda one: sorted(number.label for number in one)))


def hitting_sets(conflicts: Iterable[Conflict], size: int) -> Iterator[Conflict]:
    """All sets of `size` numbers that hold at least one number of every conflict."""
    sets = tuple(conflicts)
    members = sorted({number for one in sets for number in one}, key=lambda n: n.label)
    for chosen in combinations(members, size):
        if all(one & frozenset(chosen) for one in sets):
            yield frozenset(chosen)


def _apart(first: Interval, second: Interval) -> bool:
    gap = max(first[0] - second[1], second[0] - first[1])
    return gap > _SLACK * max(1.0, abs(first[0]), abs(second[0]))


def _of_tests(paper: Paper) -> Iterator[Conflict]:
    tests = [n for n in paper.required if n.place.kind == "regression" and n.place.term]
    for of in {(n.place.estimator, n.place.term) for n in tests}:
        found = {n.statistic: n for n in tests if (n.place.estimator, n.place.term) == of}
        estimate, error, t, p = (found.get(s) for s in ("coefficient", "std_error", "t", "p"))
        ratio = _ratio(estimate, error) if estimate and error else None
        if ratio and t and estimate and error and _apart(ratio, t.interval):
            yield frozenset((estimate, error, t))
        if p is None:
            continue
        allowed = bound_of(p, paper)[1:]
        if t and _apart(_absolute(t.interval), allowed):
            yield frozenset((t, p))
        if ratio and estimate and error and _apart(_absolute(ratio), allowed):
            yield frozenset((estimate, error, p))


def _ratio(estimate: PrintedNumber, error: PrintedNumber) -> Interval:
    low, high = max(error.interval[0], 0.0), error.interval[1]
    corners = [
        (end / divisor if divisor else (inf if end > 0 else -inf if end < 0 else 0.0))
        for end in estimate.interval
        for divisor in (low, high)
    ]
    return min(corners), max(corners)


def _absolute(interval: Interval) -> Interval:
    low, high = interval
    if low <= 0 <= high:
        return 0.0, max(-low, high)
    return min(abs(low), abs(high)), max(abs(low), abs(high))


def _of_fits(paper: Paper) -> Iterator[Conflict]:
    numbers = [n for n in paper.required if n.place.kind == "regression" and not n.place.term]
    numbers = [n for n in numbers if n.statistic in _FIT_STATISTICS]
    for first, second in combinations(numbers, 2):
        same = first.place.estimator == second.place.estimator
        if same and _apart(_implied_R2(first, paper), _implied_R2(second, paper)):
            yield frozenset((first, second))


def _implied_R2(number: PrintedNumber, paper: Paper) -> Interval:
    """The interval of R² that one statistic of a fit allows; each rises or falls with R²."""
    n, p, df = paper.n, len(paper.regressors), paper.df_residual
    if number.statistic == "R":
        low, high = (max(end, 0.0) ** 2 for end in number.interval)
    elif number.statistic == "adjusted_R2":
        low, high = (1 - (1 - end) * df / (n - 1) for end in number.interval)
    elif number.statistic == "R2":
        low, high = number.interval
    else:
        ends = (max(F, 0.0) for F in bound_of(number, paper)[1:])
        low, high = (1.0 if inf == F else F * p / (F * p + df) for F in ends)
    return low, high


def _of_columns(paper: Paper) -> Iterator[Conflict]:
    for column in paper.columns:
        low, high, mean, sd = (
            paper.printed_of("descriptives", column, s) for s in ("min", "max", "mean", "sd")
        )
        if low and mean and low.interval[0] > mean.interval[1]:
            yield frozenset((low, mean))
        if high and mean and mean.interval[0] > high.interval[1]:
            yield frozenset((high, mean))
        if not (low and high and sd):
            continue
        span = high.interval[1] - low.interval[0], high.interval[0] - low.interval[1]
        # The rows between the ends add least where all lie at the middle.
        if sd.interval[1] < max(span[1], 0.0) / sqrt(2 * (paper.n - 1)) - _SLACK:
            yield frozenset((low, high, sd))
        if mean and sd.interval[0] > _largest_sd(low, high, mean, paper.n) + _SLACK:
            yield frozenset((low, high, mean, sd))


def _largest_sd(low: PrintedNumber, high: PrintedNumber, mean: PrintedNumber, n: int) -> float:
    """Bhatia and Davis (2000), American Mathematical Monthly 107, 353-357, times n / (n − 1)."""
    bottom, top = low.interval[0], high.interval[1]
    middle = min(max((bottom + top) / 2, mean.interval[0]), mean.interval[1])
    return sqrt(max((top - middle) * (middle - bottom), 0.0) * n / (n - 1))
