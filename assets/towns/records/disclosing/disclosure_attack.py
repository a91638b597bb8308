"""An attacker who subtracts: what all that is published says of one withheld figure.

Belongs here: the linear program, over one release of a year or several. Not here: what is withheld
(`disclosure.py`), and which figures are tried.

The attacker knows every published figure, that no figure is negative, that parts add up, the totals
of the nation, and, over several releases, of which areas the records did not change between them. A
linear program then gives the least and the most that a withheld figure can be.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from statistics import median

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, lil_array

from assets.towns.records.disclosing.disclosure import BREAKDOWNS, TOTAL, Area, AreaYear

EXACT = 1e-4  # a figure known to one part in so many is known

Place = tuple[str, str, str]  # level, area, group of sellers
Unknown = tuple[int, Place]  # state of the area's records, place
_ABOVE = {"town": "county", "county": "province", "province": "nation"}


@dataclass(frozen=True, slots=True)
class Known:
    """One figure of a release as the attacker has it."""

    place: Place
    parent: str  # area one level up
    value: float | None  # None where it is withheld
    state: int = 0  # the same number in two releases: nothing changed there, and he knows it


@dataclass(frozen=True, slots=True)
class Release:
    """One release of a year as the attacker has it, of one measure."""

    figures: Sequence[Known]
    nation: Mapping[str, float]  # the nation's total of each group of sellers


def release_of(
    figures: Iterable[AreaYear],
    shown: Collection[Place],
    measure: str,
    states: Mapping[Area, int] | None = None,
) -> Release:
    """What a release tells of the figures behind it.

    shown: the places it shows; states: of each area that of its records, 0 for all by default.
    """
    known = []
    nation: dict[str, list[float]] = defaultdict(list)
    for each in figures:
        place, value = (each.level, each.area, each.seller_group), float(getattr(each, measure))
        state = 0 if states is None else states[each.level, each.area]
        known.append(Known(place, each.parent, value if place in shown else None, state))
        if each.level == "province":
            nation[each.seller_group].append(value)
    return Release(known, {group: fsum(values) for group, values in nation.items()})


@dataclass(frozen=True, slots=True)
class Interval:
    """The least and the most that a figure can be."""

    low: float
    high: float

    def is_narrow(self, value: float, share: float) -> bool:
        """Whether it gives the value away to within that share of it."""
        return self.high - self.low <= share * abs(value) + EXACT


class Attack:
    """What the releases of one year say of one measure: equations in the withheld figures."""

    def __init__(self, releases: Sequence[Release]) -> None:
        shown: dict[Unknown, float] = {}
        for release in releases:
            for each in release.figures:
                if each.value is not None:
                    shown[each.state, each.place] = each.value
        hidden = {
            (each.state, each.place)
            for release in releases
            for each in release.figures
            if (each.state, each.place) not in shown
        }
        self._shown = shown
        self._column = {unknown: number for number, unknown in enumerate(sorted(hidden))}
        # figures of very different size: yuan in millions keep the program well scaled
        self._unit = max(1.0, median([value for value in shown.values() if value > 0] or [1.0]))
        rows = [equation for release in releases for equation in _equations(release)]
        matrix = lil_array((len(rows), len(self._column)))
        right = np.zeros(len(rows))
        for row, (total, terms) in enumerate(rows):
            right[row] = -total / self._unit
            for sign, unknown in terms:
                if unknown in self._column:
                    matrix[row, self._column[unknown]] += sign
                else:
                    right[row] -= sign * shown[unknown] / self._unit
        self._matrix: csr_array = matrix.tocsr()
        self._right = right

    def interval(self, state: int, place: Place) -> Interval:
        """What the attacker finds of a figure; a shown one is what it is."""
        if (value := self._shown.get((state, place))) is not None:
            return Interval(value, value)
        column = self._column[state, place]
        low, high = (self._solved({column: sign})[column] * self._unit for sign in (1.0, -1.0))
        return Interval(float(low), float(high))

    def narrow(self, values: Mapping[Unknown, float], share: float = EXACT) -> set[Unknown]:
        """Those of the figures that the attacker has to within a share of their true value.

        The true values solve the equations, so that any other solution shows at once, for every
        figure in which it differs by more, that it stays open. Only what no solution differs in is
        asked for by itself.
        """
        left = {unknown for unknown in values if unknown in self._column}
        before = len(left) + 1
        while 0 < len(left) < before:
            before = len(left)
            for sign in (1.0, -1.0):
                solution = self._solved({self._column[unknown]: sign for unknown in left})
                left -= {
                    unknown
                    for unknown in left
                    if abs(solution[self._column[unknown]] * self._unit - values[unknown])
                    > share * values[unknown] + EXACT
                }
        shown = {unknown for unknown in values if unknown in self._shown}
        return shown | {u for u in left if self.interval(*u).is_narrow(values[u], share)}

    def _solved(self, costs: Mapping[int, float]) -> NDArray[np.float64]:
        """The solution of least cost; the nation's totals bound every figure."""
        cost = np.zeros(len(self._column))
        for column, each in costs.items():
            cost[column] = each
        done = linprog(cost, A_eq=self._matrix, b_eq=self._right, bounds=(0, None), method="highs")
        if done.status != 0:
            raise RuntimeError(f"The attack found no answer: {done.message}")
        solution: NDArray[np.float64] = done.x
        return solution


def _equations(release: Release) -> Iterator[tuple[float, list[tuple[float, Unknown]]]]:
    """Sums that are zero: a known number, and figures with their signs."""
    parts: dict[Place, list[Known]] = defaultdict(list)
    of_area: dict[tuple[str, str], dict[str, Known]] = defaultdict(dict)
    for each in release.figures:
        level, area, group = each.place
        parts[_ABOVE[level], each.parent, group].append(each)
        of_area[level, area][group] = each
    for (level, area, group), below in parts.items():
        terms = [(-1.0, (each.state, each.place)) for each in below]
        if level == "nation":
            yield release.nation[group], terms
        else:
            whole = of_area[level, area][group]
            yield 0.0, [(1.0, (whole.state, whole.place)), *terms]
    for groups in of_area.values():
        whole = groups[TOTAL]
        for breakdown in BREAKDOWNS:
            some = [groups[name] for name in breakdown]
            yield (
                0.0,
                [
                    (1.0, (whole.state, whole.place)),
                    *((-1.0, (each.state, each.place)) for each in some),
                ],
            )
