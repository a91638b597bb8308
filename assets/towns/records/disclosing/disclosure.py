"""Which published totals must be withheld so that no seller shows, also not by subtraction.

Belongs here: the rule for one figure, the choice of further figures to withhold, and the interval
that the remaining ones leave for a withheld figure. Not here: the totals (`sql/micro`), the tables
that readers see (`sql/towns`).

What is protected. A figure is unsafe where fewer than MIN_SELLERS sellers with sales stand behind
it, or one of them made more than MAX_TOP_SHARE of the sales. An attacker who knows every published
figure, the totals of the nation, and that no figure is negative, can bound an unsafe one no better
than from half of it to half as much again (or to the area's published total, where that is less,
since a part is no more than the whole), and a number of sellers no better than to an interval
of MIN_SELLERS.

How. Areas are a tree (nation, province, county, town). Towns whose totals are withheld and that
have the same lowest published area above them form a block: all that is known of them is their sum.
So a block is made larger, smallest area first, until its sum leaves wide intervals; where an area
has no more towns to add, the area itself is withheld and the block above takes over. A breakdown
(by gender, by age) is withheld for all groups of an area at once. Then the unknown part is a table
of areas by groups with known margins, whose entries have the bounds max(0, row + column - all) and
min(row, column) (Fréchet), which are exact.

Over releases. What a release shows of a year of a data set stands in all later ones, whatever the
records say by then (`published_periods.py`): so an attacker who has kept every release knows no
more than one who has the last. Two releases of one year under different records could be
subtracted, and where one shop came or went, that is the shop.

What is not: someone who is in a block and knows own sales, or knows that a figure is withheld for
being unsafe and not to protect another; and figures of two years, of which each is protected alone.
The number of shops may show that one more is open than the year before, not what it sells.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum, inf
from typing import Literal

from assets.towns.records.record_rows import AreaDisclosureRow

MIN_SELLERS = 5
MAX_TOP_SHARE = 0.5
TOTAL = "all"
BREAKDOWNS = (("female", "male", "gender_unknown"), ("young", "not_young"))

# Why a figure is withheld: it is unsafe by the threshold, or else by dominance; it protects others;
# or an earlier version withheld it, which kept no reason.
Reason = Literal["few sellers", "one seller dominates", "protects others", "not kept"]

Area = tuple[str, str]  # level, name
NATION: Area = ("nation", "nation")
_LEVEL_ABOVE = {"town": "county", "county": "province", "province": "nation"}


@dataclass(frozen=True, slots=True)
class AreaYear:
    """A row of the query `towns/area_year`: the totals of one group of sellers of an area."""

    dataset: str
    year: int
    level: str  # town, county or province
    area: str
    parent: str  # area of the level above
    seller_group: str
    sellers: float
    active_sellers: float
    top_seller_sales_cny: float
    sales_cny: float
    orders: float


@dataclass(frozen=True, slots=True)
class Figure:
    """Totals of one area, or of several together."""

    sellers: float
    active_sellers: float
    top_seller_sales_cny: float
    sales_cny: float
    orders: float

    @property
    def is_unsafe(self) -> bool:
        """Whether it says too much of a single seller. A figure of nobody does not."""
        few = self.active_sellers < MIN_SELLERS
        dominated = self.top_seller_sales_cny > MAX_TOP_SHARE * self.sales_cny
        return self.sellers > 0 and (few or dominated)

    @property
    def measures(self) -> tuple[float, float, float]:
        """What is published of it: sellers, sales in yuan, orders."""
        return self.sellers, self.sales_cny, self.orders


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures of one year by area and group, and the tree of the areas."""

    figures: Mapping[tuple[Area, str], Figure]
    children: Mapping[Area, Sequence[Area]]  # the nation's are the provinces
    above: Mapping[Area, Area]  # for each area the one it is a part of

    def towns(self, area: Area) -> Iterator[Area]:
        """The towns of an area; a town's is itself."""
        below = self.children.get(area)
        if below is None:
            yield area
        else:
            for child in below:
                yield from self.towns(child)

    def areas(self) -> Iterator[Area]:
        """Every area with figures, larger ones after their parts."""
        for area in self._parents():
            yield from (child for child in self.children[area] if child not in self.children)
            if area != NATION:
                yield area

    def parents(self) -> tuple[Area, ...]:
        """Every area with parts, the nation last."""
        return tuple(self._parents())

    def _parents(self, area: Area = NATION) -> Iterator[Area]:
        for child in self.children[area]:
            if child in self.children:
                yield from self._parents(child)
        yield area


def totals_of(of_one_year: Iterable[AreaYear]) -> Totals:
    """Totals of one year, from one figure per area and group."""
    figures: dict[tuple[Area, str], Figure] = {}
    children: dict[Area, dict[Area, None]] = defaultdict(dict)
    for each in of_one_year:
        area = (each.level, each.area)
        figures[area, each.seller_group] = Figure(
            sellers=float(each.sellers),
            active_sellers=float(each.active_sellers),
            top_seller_sales_cny=float(each.top_seller_sales_cny),
            sales_cny=float(each.sales_cny),
            orders=float(each.orders),
        )
        children[_LEVEL_ABOVE[each.level], each.parent][area] = None
    return Totals(
        figures,
        {area: sorted(below) for area, below in children.items()},
        {part: area for area, below in children.items() for part in below},
    )


def withheld(totals: Totals) -> frozenset[tuple[Area, str]]:
    """The (area, group) pairs that must not be published."""
    if NATION not in totals.children:
        return frozenset()
    hidden = _Hiding(totals, (TOTAL,), frozenset()).areas()
    found = {(area, TOTAL) for area in hidden}
    for groups in BREAKDOWNS:
        for area in _Hiding(totals, groups, hidden).areas():
            found.update((area, group) for group in groups)
    return frozenset(found)


@dataclass(slots=True)
class _Hiding:
    """The choice of areas for one breakdown, or for the totals themselves (one group, `all`)."""

    totals: Totals
    groups: tuple[str, ...]
    without_total: Collection[Area]  # areas whose total is withheld
    hidden: set[Area] = field(default_factory=set)

    def areas(self) -> frozenset[Area]:
        """Areas to withhold: the unsafe ones, and as many others as protect them."""
        self.hidden = {
            area
            for area in self.totals.areas()
            if area in self.without_total or any(self._is_unsafe(area, g) for g in self.groups)
        }
        for parent in self.totals.parents():
            self._protect_below(parent)
        return frozenset(self.hidden)

    def _is_unsafe(self, area: Area, group: str) -> bool:
        return self.totals.figures[area, group].is_unsafe

    def _protect_below(self, parent: Area) -> None:
        """Withhold the fewest parts of an area, smallest first, that protect what is unsafe below.

        A block that is wide stays so where a safe area joins it, since then each interval gets
        wider. So how many it takes is found by doubling and halving; one by one, a town that sells
        as much as a thousand others would be asked about a thousand times.
        """
        if parent in self.hidden or self._is_wide(parent):
            return
        others = sorted(self._shown_children(parent), key=self._size)
        joined: list[Collection[Area]] = []  # for each of the first others, what hiding it hides
        too_few, enough = 0, min(1, len(others))
        while not self._is_wide_with(parent, others[:enough], joined):
            if enough == len(others):
                if parent != NATION:  # else nothing of this year is shown any more
                    self.hidden.add(parent)
                return
            too_few, enough = enough, min(2 * enough, len(others))
        while enough - too_few > 1:
            half = (too_few + enough) // 2
            if self._is_wide_with(parent, others[:half], joined):
                enough = half
            else:
                too_few = half
        self._join(others[:enough], joined)

    def _is_wide_with(
        self, parent: Area, others: Sequence[Area], joined: list[Collection[Area]]
    ) -> bool:
        self._join(others, joined)
        return self._is_wide(parent)

    def _join(self, others: Sequence[Area], joined: list[Collection[Area]]) -> None:
        """Hide these areas, and show again what was joined beyond them."""
        while len(joined) > len(others):
            self.hidden.difference_update(joined.pop())
        for area in others[len(joined) :]:
            joined.append(self._with_parts(area))
            self.hidden.update(joined[-1])

    def _shown_children(self, parent: Area) -> list[Area]:
        return [
            area
            for area in self.totals.children[parent]
            if area not in self.hidden and self.totals.figures[area, TOTAL].sellers > 0
        ]

    def _size(self, area: Area) -> tuple[float, Area]:
        return self.totals.figures[area, TOTAL].sellers, area

    def _with_parts(self, area: Area) -> list[Area]:
        """An area to withhold and, where its parts are all shown, one of them: else it could be
        added up."""
        below = self.totals.children.get(area, ())
        if not below or any(child in self.hidden for child in below):
            return [area]
        return [area, *self._with_parts(min(self._shown_children(area), key=self._size))]

    def _hidden_below(self, parent: Area) -> Iterator[Area]:
        """Hidden areas under `parent` that no other shown area lies between."""
        for child in self.totals.children.get(parent, ()):
            if child in self.hidden:
                yield child
                yield from self._hidden_below(child)

    def _is_wide(self, parent: Area) -> bool:
        """Whether what is known of the block under `parent` leaves every unsafe figure open."""
        areas = list(self._hidden_below(parent))
        if not areas:
            return True
        block = Block(self.totals, self.groups, areas, self.without_total)
        return all(
            block.leaves_open(area, group)
            for group in self.groups
            for area in areas
            if self._is_unsafe(area, group)
        )


class Block:
    """Hidden towns of which the sum by group is known, and the total where that is published.

    areas: the hidden areas; without_total: areas whose total is withheld too.
    """

    def __init__(
        self,
        totals: Totals,
        groups: tuple[str, ...],
        areas: Sequence[Area],
        without_total: Collection[Area],
    ) -> None:
        towns = [area for area in areas if area not in totals.children]
        rows = _rows(totals, towns, groups, without_total)
        self._totals = totals
        self._groups = groups
        self._row_of = {town: number for number, row in enumerate(rows) for town in row}
        self._row_length = [len(row) for row in rows]
        self._row_sum = [_sum(totals, row, groups).measures for row in rows]
        self._sum = _sum(totals, towns, groups).measures
        self._columns = {group: _sum(totals, towns, (group,)) for group in groups}

    def leaves_open(self, area: Area, group: str) -> bool:
        """Whether what is hidden of `area` could be half or half as much again in every measure.

        A part of an area whose total is known cannot be more than that total: there `as much again`
        ends, and the total itself is safe.
        """
        hidden = [town for town in self._totals.towns(area) if town in self._row_of]
        value = _sum(self._totals, hidden, (group,)).measures
        bounds = [self._bounds(hidden, group, measure) for measure in range(3)]
        (fewest, most, _), *_ = bounds
        return (
            not self._columns[group].is_unsafe
            and most - fewest >= MIN_SELLERS
            and all(
                low <= 0.5 * x and high >= min(1.5 * x, limit)
                for x, (low, high, limit) in zip(value, bounds, strict=True)
            )
        )

    def _bounds(self, towns: Sequence[Area], group: str, measure: int) -> tuple[float, ...]:
        """The least and the most that these towns may have together in one measure, and the most
        that their totals alone allow.

        A row whose own total is known counts with it; of towns known together only by their sum,
        some may have all of it or nothing.
        """
        column = self._columns[group].measures[measure]
        whole, partly = 0.0, 0.0
        for row, count in Counter(self._row_of[town] for town in towns).items():
            if count == self._row_length[row]:
                whole += self._row_sum[row][measure]
            else:
                partly += self._row_sum[row][measure]
        least = max(0.0, whole + column - self._sum[measure])
        limit = inf if self._groups == (TOTAL,) else whole + partly
        return least, min(whole + partly, column), limit


def _rows(
    totals: Totals,
    towns: Sequence[Area],
    groups: tuple[str, ...],
    without_total: Collection[Area],
) -> list[tuple[Area, ...]]:
    """The towns of a block by what is known of their totals: each alone, or several together."""
    if groups == (TOTAL,):
        return [tuple(towns)]
    together: dict[Area, list[Area]] = defaultdict(list)
    for town in towns:
        area = town
        while area in without_total:
            area = totals.above[area]
        together[area].append(town)
    return [tuple(row) for row in together.values()]


def _sum(totals: Totals, towns: Sequence[Area], groups: Sequence[str]) -> Figure:
    figures = [totals.figures[town, group] for town in towns for group in groups]
    return Figure(
        sellers=sum(each.sellers for each in figures),
        active_sellers=sum(each.active_sellers for each in figures),
        top_seller_sales_cny=max((each.top_seller_sales_cny for each in figures), default=0.0),
        sales_cny=fsum(each.sales_cny for each in figures),
        orders=sum(each.orders for each in figures),
    )


def disclosure_rows(
    figures: Iterable[AreaYear], standing: Collection[AreaDisclosureRow] = ()
) -> list[AreaDisclosureRow]:
    """What is shown of each figure, in the order of data sets and years.

    standing: what is published already. A year of a data set that is among it stays as it is.
    """
    published = {(each.dataset, each.year) for each in standing}
    of_year: dict[tuple[str, int], list[AreaYear]] = defaultdict(list)
    for figure in figures:
        if (figure.dataset, figure.year) not in published:
            of_year[figure.dataset, figure.year].append(figure)
    found = list(standing)
    for together in of_year.values():
        totals = totals_of(together)
        hidden = withheld(totals)
        for each in together:
            place = ((each.level, each.area), each.seller_group)
            reason = _reason(totals.figures[place]) if place in hidden else None
            found.append(
                AreaDisclosureRow(
                    dataset=each.dataset,
                    level=each.level,
                    area=each.area,
                    year=each.year,
                    seller_group=each.seller_group,
                    sellers=None if reason else int(each.sellers),
                    sales_cny=None if reason else float(each.sales_cny),
                    orders=None if reason else int(each.orders),
                    is_published=reason is None,
                    reason=reason,
                    is_standing=False,
                )
            )
    return found


def _reason(figure: Figure) -> Reason:
    if not figure.is_unsafe:
        return "protects others"
    return "few sellers" if figure.active_sellers < MIN_SELLERS else "one seller dominates"
