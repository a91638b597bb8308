"""The sellers of a block of towns: who they are, and their sales from year to year.

Belongs here: everything that happens to single sellers, vectorised over all of a block. Not here:
what is common to a town (`effects.py`), single orders (`orders.py`), or tables.

Both states of the world come from the same draws: a seller stays, sells nothing or opens without
certification exactly where its uniform draw says so. So the difference is the effect, not luck.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from assets.towns.simulation.design import Design
from assets.towns.simulation.effects import Untreated, autoregressive

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Positions = NDArray[np.int64]

OLDEST_OPENING_YEARS = 8  # how long before the first year the oldest shops opened
YOUNG_AGES, OLDER_AGES = (18, 35), (35, 61)  # at opening: from, below
GROUPS = ("male_older", "male_young", "female_older", "female_young")
MOST_ZERO_SALES_SHARE = 0.5
NO_VILLAGE = -1
BEFORE = -1  # place of the opening year of those open before the first year


@dataclass(frozen=True, slots=True)
class Sellers:
    """Everyone who is or might become a seller in a block of towns; arrays (sellers,) or as said.

    Those with `only_if_certified` open only if their town is on the list in that year.
    """

    first_town: int  # the block's towns are first_town ... first_town + towns - 1
    towns: int
    town: Positions  # counted from first_town
    village: Positions  # 0, 1, ... within the town, or NO_VILLAGE
    group: Positions  # place in GROUPS
    birth_year: Positions
    opened_on: NDArray[np.datetime64]  # day
    opened_at: Positions  # place among the years, or BEFORE
    only_if_certified: Mask
    zero_sales_share: Array  # untreated, a year
    untreated_sales_cny: Array  # (sellers, years), had nobody been certified; if open and selling
    exit_draw: NDArray[np.float32]  # (sellers, years) uniform
    zero_draw: NDArray[np.float32]  # (sellers, years) uniform


def _group_shares(design: Design) -> Array:
    female = np.array([1 - design.female_share, design.female_share])
    young = np.array([1 - design.young_share, design.young_share])
    return np.outer(female, young).ravel()


def draw_sellers(
    design: Design,
    untreated: Untreated,
    first_town: int,
    counts: Positions,
    rng: np.random.Generator,
) -> Sellers:
    """Sellers of the towns from first_town on; counts: (towns,) open before the first year."""
    years, towns = len(design.years), len(counts)
    found = _openings(design, counts, rng)
    group, opened_at, n = found.group, found.opened_at, len(found.town)
    opened_on, opened_year = _opening_days(design, opened_at, rng)
    young = group % 2 == 1
    age = np.where(young, rng.integers(*YOUNG_AGES, n), rng.integers(*OLDER_AGES, n))
    village = rng.integers(0, design.villages_per_town, n)
    village[rng.random(n) < design.no_village_share] = NO_VILLAGE
    size = draw_sizes(design, n, rng) + np.where(opened_at > BEFORE, design.entrant_log_size, 0)
    log_sales = autoregressive(rng, n, years, design.seller_shock_sd, design.seller_shock_ar)
    log_sales += (size + np.log(design.median_sales_cny))[:, None]
    log_sales += untreated.log_sales[first_town : first_town + towns][found.town]
    sales = np.exp(log_sales, out=log_sales)
    newcomers = np.flatnonzero(opened_at > BEFORE)
    sales[newcomers, opened_at[newcomers]] *= _share_of_first_year(opened_on[newcomers])
    zero = design.zero_sales_share * np.exp(-design.zero_sales_gradient * size)
    return Sellers(
        first_town=first_town,
        towns=towns,
        town=found.town,
        village=village,
        group=group,
        birth_year=opened_year - age,
        opened_on=opened_on,
        opened_at=opened_at,
        only_if_certified=found.only_if_certified,
        zero_sales_share=np.minimum(zero, MOST_ZERO_SALES_SHARE),
        untreated_sales_cny=sales,
        exit_draw=rng.random((years, n), dtype=np.float32).T,
        zero_draw=rng.random((years, n), dtype=np.float32).T,
    )


@dataclass(frozen=True, slots=True)
class _Openings:
    """Where and when each of n sellers opens, sorted by town; fields as those of Sellers."""

    town: Positions  # (n,)
    group: Positions  # (n,)
    opened_at: Positions  # (n,)
    only_if_certified: Mask  # (n,)


def _openings(design: Design, counts: Positions, rng: np.random.Generator) -> _Openings:
    towns, years, groups = len(counts), len(design.years), len(GROUPS)
    shares = _group_shares(design)
    rate = design.entry_share * counts[:, None, None] * shares
    anyway = rng.poisson(np.broadcast_to(rate, (towns, years, groups)))
    added = rng.poisson(np.broadcast_to(rate * np.expm1(design.entry_effects), anyway.shape))
    in_town, in_year, in_group = (axis.ravel() for axis in np.indices(anyway.shape))
    stock = np.repeat(np.arange(towns), counts)
    flows = np.concatenate(
        [np.repeat(np.arange(anyway.size), number.ravel()) for number in (anyway, added)]
    )
    town = np.concatenate([stock, in_town[flows]])
    opened_at = np.concatenate([np.full(len(stock), BEFORE), in_year[flows]])
    group = np.concatenate([rng.choice(groups, len(stock), p=shares), in_group[flows]])
    only = np.arange(len(town)) >= len(stock) + anyway.sum()
    order = np.lexsort((opened_at, town))
    return _Openings(town[order], group[order], opened_at[order], only[order])


def _opening_days(
    design: Design, opened_at: Positions, rng: np.random.Generator
) -> tuple[NDArray[np.datetime64], Positions]:
    before = rng.integers(1, OLDEST_OPENING_YEARS + 1, len(opened_at))
    year = design.first_year + np.where(opened_at == BEFORE, -before, opened_at)
    start = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    day = (rng.random(len(year)) * days_in_year(year)).astype(np.int64)
    return np.asarray(start + day), year


def days_in_year(year: Positions) -> Positions:
    """365 or 366, same shape as year."""
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    return np.where(leap, 366, 365)


def _share_of_first_year(opened_on: NDArray[np.datetime64]) -> Array:
    """What is left of the year of opening, in (0, 1]."""
    year = opened_on.astype("datetime64[Y]")
    passed = (opened_on - year.astype("datetime64[D]")).astype(np.int64)
    return np.asarray(1 - passed / days_in_year(year.astype(np.int64) + 1970))


def draw_sizes(design: Design, n: int, rng: np.random.Generator) -> Array:
    """(n,): log size against the median seller: a normal body, above its quantile 1 - tail_share
    an exponential tail, so that size itself is lognormal with a Pareto tail of index tail_index.
    """
    u = 1 - rng.random(n)  # in (0, 1]
    start = design.seller_sd * ndtri(1 - design.tail_share)
    body = design.seller_sd * ndtri(np.minimum(1 - u, 1 - design.tail_share))
    with np.errstate(divide="ignore"):  # without a tail the branch is not taken
        tail = start + np.log(design.tail_share / u) / design.tail_index
    return np.asarray(np.where(u < design.tail_share, tail, body))


@dataclass(slots=True)
class History:
    """What becomes of a block's sellers, filled year by year; arrays (sellers, years).

    `untreated_*` is the world in which no town is ever certified.
    """

    design: Design
    sellers: Sellers
    open: Mask = field(init=False)
    sales_cny: Array = field(init=False)  # whole yuan; 0 where not open or nothing sold
    untreated_open: Mask = field(init=False)
    untreated_sales_cny: Array = field(init=False)

    def __post_init__(self) -> None:
        shape = self.sellers.untreated_sales_cny.shape
        self.open = np.zeros(shape, dtype=bool, order="F")  # a year in one piece of memory
        self.untreated_open = np.zeros(shape, dtype=bool, order="F")
        self.sales_cny = np.zeros(shape, order="F")
        self.untreated_sales_cny = np.zeros(shape, order="F")

    def advance(self, place: int, certified: Mask, own_and_spillover: Array) -> None:
        """One more year; certified, own_and_spillover: (towns,) of this block, in log sales."""
        design, who = self.design, self.sellers
        on = certified[who.town]
        exit_share = design.exit_share * np.exp(design.exit_effect * on)
        zero_share = who.zero_sales_share * np.exp(design.zero_sales_effect * on)
        opens = who.opened_at == place
        sales = who.untreated_sales_cny[:, place]
        factor = np.exp(own_and_spillover)[who.town]

        self.open[:, place] = self._stay(self.open, place, exit_share) | (
            opens & (on | ~who.only_if_certified)
        )
        sells = self.open[:, place] & (who.zero_draw[:, place] >= zero_share)
        self.sales_cny[:, place] = sells * _whole_yuan(sales * factor)

        self.untreated_open[:, place] = self._stay(
            self.untreated_open, place, design.exit_share
        ) | (opens & ~who.only_if_certified)
        sells = self.untreated_open[:, place] & (who.zero_draw[:, place] >= who.zero_sales_share)
        self.untreated_sales_cny[:, place] = sells * _whole_yuan(sales)

    def _stay(self, state: Mask, place: int, exit_share: Array | float) -> Mask:
        before = state[:, place - 1] if place else self.sellers.opened_at == BEFORE
        return np.asarray(before & (self.sellers.exit_draw[:, place] >= exit_share))

    @property
    def ever_open(self) -> Mask:
        """(sellers,): who has a row in the records at all."""
        return np.asarray(self.open.any(axis=1))

    @property
    def incumbents(self) -> Mask:
        """(sellers,): opened before the first year, and sold something in every year."""
        sold = (self.sales_cny > 0).all(axis=1)
        return np.asarray((self.sellers.opened_at == BEFORE) & sold)

    @property
    def stayers(self) -> Mask:
        """(sellers,): opened before the first year and still open in the last one."""
        return np.asarray((self.sellers.opened_at == BEFORE) & self.open[:, -1])

    def town_sum(self, values: NDArray[np.generic]) -> Array:
        """Sums over each town's sellers of (sellers, years) values, (towns, years)."""
        who = self.sellers
        columns = [
            np.bincount(who.town, column.astype(np.float64), minlength=who.towns)
            for column in values.T
        ]
        return np.array(columns, dtype=np.float64).T


def _whole_yuan(sales: Array) -> Array:
    """Rounded; a shop that sells, sells for one yuan at least."""
    return np.maximum(np.rint(sales), 1.0)
