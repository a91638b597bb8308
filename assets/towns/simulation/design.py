"""What a simulated data set of the town study is made of: every feature with its size.

Belongs here: the parameters, their defaults and their checks. Not here: drawing anything. All
defaults are invented for the simulation, except the two headline effects and the rule's years.
Effects are in log points unless the name says otherwise.
"""

from dataclasses import dataclass, replace
from math import log
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Assignment = Literal["random", "threshold"]

# Miao, Huang, Tang and Xu (SSRN 4562566), abstract: +32.1 % annual sales, +20.8 % annual orders.
HEADLINE_SALES_PCT, HEADLINE_ORDERS_PCT = 32.1, 20.8
MAX_SEASONS = 12


class DesignError(ValueError):
    """A design from which no data can be drawn; names the parameter and what it may be."""


@dataclass(frozen=True, slots=True)
class Regime:
    """The rule by which the lists of some years are made, from the records of the year before.

    A town is on the list with at least `min_villages` villages, or with more than `min_sales_cny`
    and more than `min_active_shops`; None: that way does not exist. A village counts from both
    village minima on; an active shop has sales above zero in the year.
    """

    from_year: int
    to_year: int | None  # None: still in force
    min_villages: int | None
    min_sales_cny: float | None
    min_active_shops: int | None
    subdistricts_count: bool
    village_min_sales_cny: float
    village_min_active_shops: int


# The real regimes (until 2018; from 2019; from 2020), their thresholds scaled to towns of 20 to 60
# sellers instead of several hundred: the real 30 million yuan and 300 shops, 10 million and 100.
_VILLAGE = (700_000.0, 5)
REGIMES = (
    Regime(2014, 2018, 3, None, None, True, *_VILLAGE),
    Regime(2019, 2019, 3, 5_000_000.0, 40, True, *_VILLAGE),
    Regime(2020, None, 3, 5_000_000.0, 40, False, *_VILLAGE),
)
REGIMES_SELLERS = 40.0  # sellers of a town for which they are made


def regimes_for(sellers_per_town: tuple[int, int]) -> tuple[Regime, ...]:
    """REGIMES with thresholds in proportion to the middle size of towns."""
    factor = sum(sellers_per_town) / 2 / REGIMES_SELLERS

    def scaled(regime: Regime) -> Regime:
        sales, shops = regime.min_sales_cny, regime.min_active_shops
        return replace(
            regime,
            min_sales_cny=None if sales is None else float(round(sales * factor)),
            min_active_shops=None if shops is None else round(shops * factor),
            village_min_sales_cny=float(round(regime.village_min_sales_cny * factor)),
            village_min_active_shops=max(1, round(regime.village_min_active_shops * factor)),
        )

    return tuple(map(scaled, REGIMES))


@dataclass(frozen=True, slots=True)
class Design:
    """Parameters of one simulated data set. Raises DesignError where they make no sense."""

    towns: int = 500
    first_year: int = 2012
    last_year: int = 2021
    sellers_per_town: tuple[int, int] = (20, 60)  # open before the first year: least, most
    towns_per_county: int = 8
    counties_per_prefecture: int = 4
    villages_per_town: int = 6
    no_village_share: float = 0.1  # of sellers: in the town itself

    # untreated sales: log sales = seller + town + year + town shock + Covid + AR(1) shock
    median_sales_cny: float = 30_000.0
    seller_sd: float = 1.1  # of the lognormal body
    tail_share: float = 0.05  # of sellers, in the Pareto tail
    tail_index: float = 1.8  # of the Pareto tail; the variance of sales is infinite below 2
    town_sd: float = 0.35
    development_gradient: float = 0.2  # of log sales, per SD of development
    seller_shock_sd: float = 0.4  # stationary
    seller_shock_ar: float = 0.5
    town_shock_sd: float = 0.1  # stationary
    town_shock_ar: float = 0.5
    growth: float = 0.08  # a year
    town_growth_sd: float = 0.03  # of towns around it; the threshold rule picks those that grow
    year_shock_sd: float = 0.03
    covid_year: int = 2020
    covid_mean: float = -0.12
    covid_town_sd: float = 0.1
    covid_fade: float = 0.6  # what is left of it a year later

    # zero-sales years, exit and entry, each a year
    zero_sales_share: float = 0.02  # of median sellers; larger ones have fewer
    zero_sales_gradient: float = 0.5  # fall of its log per log point of size
    exit_share: float = 0.03
    entry_share: float = 0.06  # new sellers over those open before the first year
    entrant_log_size: float = -0.3  # against those open before the first year
    female_share: float = 0.4
    young_share: float = 0.5  # of new sellers, aged under 35 at opening

    # orders
    median_price_cny: float = 120.0  # a completed order
    price_sd: float = 0.4  # between sellers
    price_shock_sd: float = 0.1  # between years of a seller
    season_weights: tuple[float, ...] = (6, 5, 8, 8, 8, 9, 7, 7, 9, 9, 14, 10)  # by month
    amount_sd: float = 0.5  # of log amounts within a seller's year
    returned_share: float = 0.06  # returned per completed order
    cancelled_share: float = 0.03

    # certification
    assignment: Assignment = "random"
    years_before_first_cohort: int = 2
    never_share: float = 0.5  # of towns, random timing
    open_county_share: float = 0.7  # the others have no certified town, which leaves clean controls
    yearly_loss_share: float = 0.005  # of certified towns, random timing
    regimes: tuple[Regime, ...] = REGIMES  # by threshold

    # effects of certification
    effect_log_sales: float = log(1 + HEADLINE_SALES_PCT / 100)  # mean over certified town-years
    effect_log_orders: float = log(1 + HEADLINE_ORDERS_PCT / 100)
    effect_cohort_slope: float = 0.5  # last year's cohort against the middle one, as a share
    effect_by_duration: tuple[float, ...] = (0.6, 0.85, 1.0)  # then the last one for ever
    effect_development_slope: float = -0.3  # of the log effect, per SD of development
    effect_town_sd: float = 0.15  # of the log effect
    zero_sales_effect: float = -0.3  # on the log share of zero-sales years
    exit_effect: float = -0.2
    entry_effect: float = 0.15  # new sellers: men of 35 and over; the next two are added
    entry_effect_female: float = 0.2
    entry_effect_young: float = 0.2
    ring_edges_km: tuple[float, ...] = (10.0, 20.0, 40.0)
    ring_spillovers: tuple[float, ...] = (0.06, 0.03, 0.01)  # log sales, by the nearest one

    def __post_init__(self) -> None:
        low, high = self.sellers_per_town
        checks = {
            "towns": self.towns >= 1,
            "last_year": self.last_year >= self.first_year + self.years_before_first_cohort,
            "sellers_per_town": 1 <= low <= high,
            "assignment": self.assignment in ("random", "threshold"),
            "season_weights": len(self.season_weights) == MAX_SEASONS
            and min(self.season_weights) >= 0
            and sum(self.season_weights) > 0,
            "tail_index": self.tail_index > 0,
            "villages_per_town": self.villages_per_town >= 1,
            "years_before_first_cohort": self.years_before_first_cohort >= 1,
            "effect_cohort_slope": abs(self.effect_cohort_slope) < 1,
            "ring_spillovers": len(self.ring_spillovers) == len(self.ring_edges_km),
            "ring_edges_km": list(self.ring_edges_km) == sorted(set(self.ring_edges_km)),
            "regimes": self._regimes_are_in_order(),
            "never_share": 1 - self.never_share <= self.open_county_share,
            "entry_effect": min(self.entry_effects) >= 0,
            "effect_log_sales": self.effect_log_sales != 0 or self.effect_log_orders == 0,
        }
        positive = ("towns_per_county", "counties_per_prefecture", "median_sales_cny")
        checks |= {name: getattr(self, name) > 0 for name in (*positive, "median_price_cny")}
        shares = [name for name in self.__slots__ if name.endswith(("_share", "_ar"))]
        checks |= {name: 0 <= getattr(self, name) < 1 for name in shares}
        checks |= {n: getattr(self, n) >= 0 for n in self.__slots__ if n.endswith("_sd")}
        for name, holds in checks.items():
            if not holds:
                raise DesignError(f"{name} = {getattr(self, name)!r} is out of its range")

    def _regimes_are_in_order(self) -> bool:
        ends = [regime.to_year for regime in self.regimes[:-1]]
        starts = [regime.from_year for regime in self.regimes[1:]]
        return all(end is not None and end < start for end, start in zip(ends, starts, strict=True))

    @property
    def years(self) -> NDArray[np.int64]:
        """(years,): the years of the data."""
        return np.arange(self.first_year, self.last_year + 1)

    @property
    def cohort_years(self) -> NDArray[np.int64]:
        """Years in which towns may first be certified under random timing."""
        return self.years[self.years_before_first_cohort :]

    @property
    def entry_effects(self) -> NDArray[np.float64]:
        """(groups,): effect on the log of the expected number of new sellers, by sellers.GROUPS."""
        base, female, young = self.entry_effect, self.entry_effect_female, self.entry_effect_young
        return np.array([base, base + young, base + female, base + female + young])

    @property
    def orders_per_sales_effect(self) -> float:
        """An effect on log orders over the same effect on log sales; the rest is dearer orders."""
        return self.effect_log_orders / self.effect_log_sales if self.effect_log_sales else 0.0

    def regime(self, year: int) -> Regime | None:
        """The rule for the list of that year; None before there were lists."""
        for regime in self.regimes:
            if regime.from_year <= year and (regime.to_year is None or year <= regime.to_year):
                return regime
        return None
