"""One simulated country from a design and a generator: towns, sellers, and what was done to them.

Belongs here: the order of the draws, year by year. Not here: how any part is drawn (modules beside
this), tables (`records.py`), or files.

Towns come in blocks of BLOCK_TOWNS, each with a generator of its own: data of any size can be
written a block at a time, and the same seed gives the same data.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assets.towns.panel.town_panel import NEVER
from assets.towns.simulation.design import Design
from assets.towns.simulation.effects import (
    NOT_YET,
    Effects,
    Untreated,
    calibrated_effects,
    draw_random_timing,
    draw_untreated,
    ring_of,
    spillover_log_sales,
)
from assets.towns.simulation.geography import Geography, draw_geography
from assets.towns.simulation.sellers import History, draw_sellers
from assets.towns.simulation.threshold import certified_by_rule

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

BLOCK_TOWNS = 500


@dataclass(slots=True)
class Certification:
    """Who is certified when, and what that does; arrays (towns, years), filled year by year."""

    certified: Mask
    start: NDArray[np.int64]  # year in which the present status began, else NOT_YET
    tau_log_sales: Array
    ring: NDArray[np.int64]  # around the nearest certified town; len(ring_edges_km): in none
    spillover_log_sales: Array

    @property
    def first_year(self) -> Array:
        """(towns,): first year on the list, NEVER for those never on it."""
        first = self.start.min(axis=1)
        return np.where(first == NOT_YET, NEVER, first.astype(np.float64))

    @property
    def total_log_sales(self) -> Array:
        """(towns, years): own effect and spillover."""
        return self.tau_log_sales + self.spillover_log_sales


@dataclass(frozen=True, slots=True)
class Country:
    """What is known before any seller is drawn, and the generators of the blocks of sellers."""

    design: Design
    place: Geography
    untreated: Untreated
    effects: Effects
    random_timing: Mask  # (towns, years); the calibration of effects rests on it in both modes
    sellers_before: NDArray[np.int64]  # (towns,) open before the first year
    block_rng: tuple[np.random.Generator, ...]
    order_rng: tuple[np.random.Generator, ...]
    certification: Certification = field(init=False)

    def __post_init__(self) -> None:
        shape = self.random_timing.shape
        empty = Certification(
            certified=np.zeros(shape, dtype=bool),
            start=np.full(shape, NOT_YET),
            tau_log_sales=np.zeros(shape),
            ring=np.zeros(shape, dtype=np.int64),
            spillover_log_sales=np.zeros(shape),
        )
        object.__setattr__(self, "certification", empty)

    def histories(self) -> Iterator[History]:
        """Blocks of sellers with all their years; fills `certification` on the way. Only once: the
        blocks' generators have moved on afterwards.

        Random timing is known beforehand, so a block is drawn when it is asked for and can be
        forgotten. Under the rule a year's list needs all towns' sales of the year before, so all
        blocks are held.
        """
        blocks = range(len(self.block_rng))
        years = len(self.design.years)
        if self.design.assignment == "random":
            for place in range(years):
                self._certify(place, self.random_timing[:, place])
            for block in blocks:
                history = self._draw(block)
                for place in range(years):
                    self._advance(history, place)
                yield history
            return
        held = [self._draw(block) for block in blocks]
        for place in range(years):
            by_rule = [
                certified_by_rule(
                    self.design, each, self.place.is_subdistrict[towns_of(each)], place
                )
                for each in held
            ]
            self._certify(place, np.concatenate(by_rule))
            for history in held:
                self._advance(history, place)
        yield from held

    def _draw(self, block: int) -> History:
        first = block * BLOCK_TOWNS
        counts = self.sellers_before[first : first + BLOCK_TOWNS]
        sellers = draw_sellers(self.design, self.untreated, first, counts, self.block_rng[block])
        return History(self.design, sellers)

    def _certify(self, place: int, certified: Mask) -> None:
        """Enter one year's list and what follows from it."""
        design, all_years = self.design, self.certification
        year = design.first_year + place
        before = all_years.start[:, place - 1] if place else np.full(len(certified), NOT_YET)
        all_years.certified[:, place] = certified
        all_years.start[:, place] = np.where(certified, np.minimum(before, year), NOT_YET)
        all_years.tau_log_sales[:, place] = self.effects.log_sales(all_years.start[:, place], year)
        ring = ring_of(design, self.place, certified)
        all_years.ring[:, place] = ring
        all_years.spillover_log_sales[:, place] = spillover_log_sales(design, ring)

    def _advance(self, history: History, place: int) -> None:
        here, all_years = towns_of(history), self.certification
        effect = all_years.tau_log_sales[here, place] + all_years.spillover_log_sales[here, place]
        history.advance(place, all_years.certified[here, place], effect)


def towns_of(history: History) -> slice:
    """Where the towns of a block stand among all towns."""
    first = history.sellers.first_town
    return slice(first, first + history.sellers.towns)


def draw_country(design: Design, rng: np.random.Generator) -> Country:
    """Towns, shocks, effects; the generator must come from a seed sequence (default_rng does)."""
    blocks = -(-design.towns // BLOCK_TOWNS)
    here, *children = rng.spawn(1 + 2 * blocks)
    place = draw_geography(design, here)
    untreated = draw_untreated(design, place, here)
    timing = draw_random_timing(design, place, here)
    low, high = design.sellers_per_town
    return Country(
        design=design,
        place=place,
        untreated=untreated,
        effects=calibrated_effects(design, place, timing, here),
        random_timing=timing,
        sellers_before=here.integers(low, high + 1, design.towns),
        block_rng=tuple(children[:blocks]),
        order_rng=tuple(children[blocks:]),
    )


def town_ids(design: Design) -> list[str]:
    """(towns,): ids that say they are simulated."""
    return [f"SIM-{place + 1:05d}" for place in range(design.towns)]
