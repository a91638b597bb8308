"""What certification does to a town, and what the years do to all: the truth, before any seller.

Belongs here: shocks common to a town's sellers, random timing, effects by cohort, duration and
development, their calibration, spillovers. Not here: sellers, or the threshold rule.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.towns.panel.distance import nearest_km
from assets.towns.simulation.design import Design
from assets.towns.simulation.geography import Geography

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
NOT_YET = np.iinfo(np.int64).max  # start of the present status of a town without one


@dataclass(frozen=True, slots=True)
class Untreated:
    """What moves all sellers of a town together without any certification, in log sales."""

    town: Array  # (towns,) level
    year: Array  # (years,) growth and common shocks
    town_trend: Array  # (towns, years) growth beside the common one
    town_shock: Array  # (towns, years)
    covid: Array  # (towns, years)

    @property
    def log_sales(self) -> Array:
        """(towns, years): the sum, against the median seller."""
        own = self.town_trend + self.town_shock + self.covid
        return np.asarray(self.town[:, None] + self.year + own)


def draw_untreated(design: Design, place: Geography, rng: np.random.Generator) -> Untreated:
    """Common levels, trends and shocks of the towns."""
    years = design.years
    town = design.development_gradient * place.development
    town = town + rng.normal(0, design.town_sd, design.towns)
    year = design.growth * np.arange(len(years)) + rng.normal(0, design.year_shock_sd, len(years))
    covid = rng.normal(design.covid_mean, design.covid_town_sd, design.towns)
    fade = np.where(
        years >= design.covid_year,
        design.covid_fade ** np.maximum(years - design.covid_year, 0.0),
        0.0,
    )
    growth = rng.normal(0, design.town_growth_sd, design.towns)
    return Untreated(
        town=town,
        year=year,
        town_trend=growth[:, None] * np.arange(len(years)),
        town_shock=autoregressive(
            rng, design.towns, len(years), design.town_shock_sd, design.town_shock_ar
        ),
        covid=covid[:, None] * fade,
    )


def autoregressive(
    rng: np.random.Generator, units: int, years: int, sd: float, coefficient: float
) -> Array:
    """Stationary AR(1) with normal innovations and standard deviation sd, (units, years).

    Each year lies in one piece of memory, since all work goes year by year.
    """
    shock = rng.standard_normal((years, units)).T
    shock *= sd
    innovation = np.sqrt(1 - coefficient**2)
    for year in range(1, years):
        shock[:, year] = coefficient * shock[:, year - 1] + innovation * shock[:, year]
    return shock


def draw_random_timing(design: Design, place: Geography, rng: np.random.Generator) -> Mask:
    """(towns, years): who is on the list, by lot alone.

    Only towns of open counties can be; there the share is such that never_share of all towns stay
    out on average. Each year a small share loses the status for good.
    """
    open_county = rng.random(place.county[-1] + 1) < design.open_county_share
    share = min(1.0, (1 - design.never_share) / design.open_county_share)
    ever = open_county[place.county] & (rng.random(design.towns) < share)
    first = np.where(ever, rng.choice(design.cohort_years, design.towns), NOT_YET)
    lost_after = rng.geometric(max(design.yearly_loss_share, 1e-12), design.towns)
    lost = first.astype(float) + lost_after
    years = design.years
    return np.asarray((years >= first[:, None]) & (years < lost[:, None]))


def start_of_status(certified: Mask, years: NDArray[np.int64]) -> NDArray[np.int64]:
    """(towns, years): year in which the present status began, NOT_YET where there is none."""
    start = np.full(certified.shape, NOT_YET)
    running = np.full(len(certified), NOT_YET)
    for place, year in enumerate(years):
        running = np.where(certified[:, place], np.minimum(running, year), NOT_YET)
        start[:, place] = running
    return start


@dataclass(frozen=True, slots=True)
class Effects:
    """How much each town would gain in log sales: shape factors times one calibrated scale."""

    design: Design
    by_town: Array  # (towns,) > 0: development, and what else differs between towns
    scale: float

    def log_sales(self, start: NDArray[np.int64], year: int) -> Array:
        """(towns,): own effect in one year, given when the present status began."""
        gain = np.zeros(len(start))
        on = start != NOT_YET
        duration = np.array(self.design.effect_by_duration)
        since = np.minimum(year - start[on], len(duration) - 1)
        gain[on] = self.by_town[on] * self._cohort(start[on]) * duration[since]
        return np.asarray(self.scale * gain)

    def _cohort(self, start: NDArray[np.int64]) -> Array:
        first, last = self.design.first_year, self.design.last_year
        middle, half = (first + last) / 2, max((last - first) / 2, 1)
        return np.asarray(1 + self.design.effect_cohort_slope * (start - middle) / half)


def calibrated_effects(
    design: Design, place: Geography, random_timing: Mask, rng: np.random.Generator
) -> Effects:
    """Effects whose mean over the certified town-years of random timing is exactly the headline.

    Every certified town-year counts the same. Without any certified town-year the scale is that of
    a town with all factors 1.
    """
    spread = rng.normal(0, design.effect_town_sd, design.towns)
    by_town = np.exp(design.effect_development_slope * place.development + spread)
    unscaled = Effects(design, by_town, 1.0)
    start = start_of_status(random_timing, design.years)
    gains = [unscaled.log_sales(start[:, t], year) for t, year in enumerate(design.years)]
    raw = np.array(gains).T[random_timing]
    scale = design.effect_log_sales / raw.mean() if raw.size else design.effect_log_sales
    return Effects(design, by_town, float(scale))


def ring_of(design: Design, place: Geography, certified: Mask) -> NDArray[np.int64]:
    """(towns,): which ring around the nearest certified town a town lies in, in one year.

    0 is the innermost; certified towns, and those beyond all rings, are in none: len(ring_edges).
    """
    rings = len(design.ring_edges_km)
    ring = np.full(len(certified), rings)
    if rings:
        distance = nearest_km(place.longitude_deg, place.latitude_deg, ~certified, certified)
        ring[~certified] = np.searchsorted(design.ring_edges_km, distance, side="left")
    return ring


def spillover_log_sales(design: Design, ring: NDArray[np.int64]) -> Array:
    """Spillover in log sales by ring, same shape; 0 beyond the rings."""
    return np.append(np.array(design.ring_spillovers, dtype=np.float64), 0.0)[ring]
