"""Figures that a slip would explain, told by the other regions of a table.

Belongs here: a step from one year to the next, and the level of a whole series, against those of
other regions. Not here: a series against itself (outlying.py), which needs years on both sides or
an indicator that does not fall to nothing; what becomes of such a figure (slips.py).

All is in powers of ten. What parts a region from the median of the others is outlying where it is
as much as a slip makes (`APART`) and far more than what parts the others. Decision 110 has what
that was measured on.
"""

import math
from collections.abc import Iterator, Mapping
from itertools import pairwise
from statistics import median

from assets.extracts.taken.outlying import APART, Outlying, Series

_TIMES = 4  # what usually parts a region from the median
_LEAST = 8  # regions that say what is usual
_STEP_TIMES = 2  # the second largest of the others: one of them may have slipped, too
_LEVEL_TIMES = 1.5  # the largest of the others: Shanghai and Beijing have little agriculture
_NEAR = 2  # years that still stand beside each other


def out_of_step(series: Mapping[str, Series], before: Mapping[str, Series]) -> Iterator[Outlying]:
    """Figures that went another way from the year before than those of other regions did.

    series: of one indicator, by region; before: those of the edition before, which stand in for
    years that this one does not print. Figures that are not positive are left out.
    """
    steps: dict[tuple[int, int], dict[str, float]] = {}
    points = {region: _positive({**before.get(region, {}), **s}) for region, s in series.items()}
    for region, of_region in points.items():
        for first, year in pairwise(sorted(of_region)):
            if year - first <= _NEAR and year in series[region]:
                step = math.log10(of_region[year] / of_region[first])
                steps.setdefault((first, year), {})[region] = step
    for (first, year), of_years in steps.items():
        for region, apart in _apart(of_years, most=-2, times=_STEP_TIMES):
            told = f"as {len(of_years) - 1} other regions went from {first} to {year}"
            yield Outlying(region, year, apart, ((first, points[region][first]),), told)


def out_of_line(
    series: Mapping[str, Series], residents: Mapping[str, float]
) -> Iterator[tuple[Outlying, tuple[int, ...]]]:
    """Regions whose figures a head lie apart from those of other regions, and in which years.

    residents: of each region, in any unit; 1 for what is counted a head. Regions without are left
    out: the others must be like each other, as the provinces of a country are.
    """
    years: dict[str, dict[int, float]] = {}
    known = {region: _positive(series[region]) for region in series if region in residents}
    for year in sorted({year for of_region in known.values() for year in of_region}):
        a_head = {
            region: math.log10(of_region[year] / residents[region])
            for region, of_region in known.items()
            if year in of_region
        }
        for region, apart in _apart(a_head, most=-1, times=_LEVEL_TIMES):
            years.setdefault(region, {})[year] = apart
    for region, of_region in years.items():
        told = f"a head, as {len(known) - 1} other regions have it"
        first = min(of_region)
        yield Outlying(region, first, of_region[first], (), told), tuple(of_region)


def _positive(series: Series) -> dict[int, float]:
    return {year: value for year, value in series.items() if value > 0}


def _apart(values: Mapping[str, float], *, most: int, times: float) -> Iterator[tuple[str, float]]:
    """Regions that lie apart, and by how much; most: which of the others, by size, is the scale."""
    if len(values) < _LEAST:
        return
    for region, value in values.items():
        others = [other for key, other in values.items() if key != region]
        usual = sorted(abs(other - median(others)) for other in others)
        apart = value - median(others)
        if abs(apart) >= max(APART, _TIMES * median(usual), times * usual[most]):
            yield region, apart
