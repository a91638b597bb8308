"""Figures that a slipped decimal point, a lost digit or another unit would explain.

Belongs here: the rule, over one document's series and what the edition before has of them. Not
here: what becomes of such a figure (slips.py), figures that are odd but may well be meant
(`provinces.odd_cell`).

All is in powers of ten. A figure lies apart by what parts it from the line between the years beside
it, or, at an end of its series and where a series goes on another level, from the year beside it
and from the line through two of them. It is outlying where that is as much as a slip makes
(`APART`) and several times (`_TIMES`) what is usual: the median of the other figures of its series,
or where it has few, of the indicator in the document. Decision 101 has what that was measured on.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

Series = Mapping[int, float]  # by year

APART = 0.75  # from a line; a slip of one place makes 1, less what the figures themselves do
_STEP = 0.85  # between two years, where no year follows: series may fall by .8 and be right
_FAR = 3  # between years that do not stand beside each other: a lost 万 makes 4
_TIMES = 4
_NEAR = 2  # years that still stand beside each other
_FEW = 2  # lines of a series itself that say what is usual of it


@dataclass(frozen=True, slots=True)
class Outlying:
    """A figure that lies apart.

    power: of ten, by which it is too large; beside: the years that say so, with their figures;
    told: what else says so.
    """

    series: str
    year: int
    power: float
    beside: tuple[tuple[int, float], ...]
    told: str = ""


def outlying(
    series: Mapping[str, Series], before: Mapping[str, Series], *, steps: bool = True
) -> Iterator[Outlying]:
    """Figures of one indicator that lie apart; of neighbours the one that explains the others.

    series: by what parts them (regions); before: those of the edition before, which stand in for
    years that this one does not print; steps: judge ends and levels, too, which indicators that may
    fall to nothing do not allow. Figures that are not positive are left out.
    """
    logs = {key: _logs(each) for key, each in series.items()}
    for key, own in logs.items():
        earlier = _logs(before.get(key, {}))
        of_others = [
            abs(line.apart) for other in logs if other != key for line in _lines(logs[other])
        ]
        known = {**before.get(key, {}), **series[key]}
        for year in sorted(own.keys() & earlier.keys()):
            if abs(own[year] - earlier[year]) >= APART:
                apart = own.pop(year) - earlier[year]
                yield Outlying(key, year, apart, ((year, before[key][year]),))
        points = {**earlier, **own}
        while found := _most_apart(points, own, of_others, steps=steps):
            yield Outlying(key, found.year, found.apart, tuple((y, known[y]) for y in found.beside))
            del points[found.year], own[found.year]


@dataclass(frozen=True, slots=True)
class _Line:
    """A year, what parts it from the line through others, and these."""

    year: int
    apart: float
    beside: tuple[int, ...]


def _logs(series: Series) -> dict[int, float]:
    return {year: math.log10(series[year]) for year in sorted(series) if series[year] > 0}


def _lines(points: Mapping[int, float]) -> Iterator[_Line]:
    """Each year between two others near it."""
    years = sorted(points)
    for left, year, right in zip(years, years[1:], years[2:], strict=False):
        if right - left <= 2 * _NEAR:
            weight = (year - left) / (right - left)
            line = (1 - weight) * points[left] + weight * points[right]
            yield _Line(year, points[year] - line, (left, right))


def _most_apart(
    points: Mapping[int, float],
    own: Mapping[int, float],
    of_others: Sequence[float],
    *,
    steps: bool,
) -> _Line | None:
    """Of the years that lie apart, and are the document's own, the one that explains most of it."""
    apart = [each for each in _apart(points, of_others, steps=steps) if each.year in own]
    if len(apart) < 2:
        return apart[0] if apart else None

    def left_over(one: _Line) -> tuple[float, float]:
        without = {year: log for year, log in points.items() if year != one.year}
        rough = [abs(line.apart) for line in (*_lines(without), *_ends(without))]
        return max(rough, default=0.0), -abs(one.apart)

    return min(apart, key=left_over)


def _apart(
    points: Mapping[int, float], of_others: Sequence[float], *, steps: bool
) -> Iterator[_Line]:
    lines = list(_lines(points))
    least = [*((line, APART) for line in lines)]
    least += [(end, _STEP) for end in _ends(points)] if steps else []
    for line, slip in least:
        of_series = [
            abs(each.apart) for each in lines if line.year not in (each.year, *each.beside)
        ]
        usual = of_series if len(of_series) >= _FEW or not of_others else of_others
        if abs(line.apart) >= max(slip, _TIMES * (median(usual) if usual else 0.0)):
            yield line


def _ends(points: Mapping[int, float]) -> Iterator[_Line]:
    """Where a series ends or goes on another level: the later year of the step, or the first.

    A step counts where the steps beside it are no such steps.
    """
    years = sorted(points)
    every = [(left, right, points[right] - points[left]) for left, right in pairwise(years)]
    steps = [each for each in every if each[1] - each[0] <= _NEAR]
    for i, (left, right, step) in enumerate(steps):
        beside = [other for _, _, other in (*steps[max(0, i - 1) : i], *steps[i + 1 : i + 2])]
        if all(abs(step - other) >= APART for other in beside):
            # The first year alone may be on another level.
            is_first = left == years[0] and len(years) > 2
            yield _Line(left, -step, (right,)) if is_first else _Line(right, step, (left,))
    for left, right, step in every:
        if right - left > _NEAR and abs(step) >= _FAR:
            yield _Line(right, step, (left,))
