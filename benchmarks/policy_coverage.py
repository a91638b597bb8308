"""How often the interval of a policy holds what doing it gives.

Run: python -m benchmarks.policy_coverage [draws]. A simulated country is lived twice, from the same
draws: as it was, and with 40 more towns certified from the year that the prediction states. The
prediction is made from the first alone; what the second sells more in the last year is the truth.
Worlds: gains alike in all years and cohorts; growing with time and from cohort to cohort as in the
shipped simulation, and twice as much; each with and without gains of near towns. Printed: the share
of intervals that hold the truth, prediction over truth, and half an interval over the truth, both
as medians, among predictions given, and the share for which no number is. Beside it the same with
the effects of all cohorts together, by thirds of development. All is SIMULATED.
Not here: the prediction (`assets/towns/questions`), assertions (tests/towns).
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assets.towns.estimators.labels import DEVELOPMENT
from assets.towns.estimators.staggered.contrasts import beside, effects_by_group
from assets.towns.estimators.staggered.imputation import impute
from assets.towns.estimators.town_effect import WithInfluence
from assets.towns.panel.distance import nearest_km
from assets.towns.panel.town_panel import NEVER, PanelError, town_panel
from assets.towns.questions.counterfactual import (
    NO_GROUP,
    drawn_effects,
    effects_since,
    log_totals,
    town_spread,
)
from assets.towns.questions.policy import (
    NO_RING,
    Outcome,
    Scenario,
    Spillovers,
    Support,
    Towns,
    next_least_developed,
    outcome,
)
from assets.towns.questions.spillovers import rings, spillovers
from assets.towns.simulation.design import Design
from assets.towns.simulation.simulate import Country, draw_country
from assets.towns.study.specification import EFFECT_DRAWS, RING_EDGES_KM

DRAWS = 500
TOWNS, ADDED = 200, 40
RULES = ("cohorts about then", "all cohorts")
TERCILES = ("tercile=1", "tercile=2", "tercile=3")
GROWING = Design(towns=TOWNS, sellers_per_town=(10, 30))
WORLDS = {
    "alike": replace(
        GROWING, effect_cohort_slope=0.0, effect_by_duration=(1.0,), yearly_loss_share=0.0
    ),
    "growing": GROWING,
    "growing twice as much": replace(
        GROWING, effect_cohort_slope=0.9, effect_by_duration=(0.3, 0.6, 0.8, 1.0)
    ),
}


@dataclass(frozen=True, slots=True)
class Prediction:
    """One prediction beside the truth, yuan."""

    rule: str
    found: Outcome | None  # None: no number is given
    truth_cny: float

    @property
    def is_held(self) -> bool:
        """Whether the interval holds the truth."""
        found = self.found
        return found is not None and found.low_cny <= self.truth_cny <= found.high_cny


class Lived:
    """A country as it was, and what its data say."""

    def __init__(self, world: Design, seed: int) -> None:
        self.world, self.seed = world, seed
        self.country = draw_country(world, np.random.default_rng(seed))
        self.sold = _sold(self.country)
        certified = self.country.certification.certified
        self.certified = certified[:, -1]
        self.log_gdp = np.log(self.country.place.baseline_gdp_per_head_cny)
        tercile = np.searchsorted(np.quantile(self.log_gdp, [1 / 3, 2 / 3]), self.log_gdp)
        first = np.where(certified.any(axis=1), world.years[certified.argmax(axis=1)], NEVER)
        self.kept = np.flatnonzero((self.sold > 0).all(axis=1))
        names = [str(town) for town in self.kept]
        sold = self.sold[self.kept]
        self.panel = town_panel(names, world.years.tolist(), sold, first[self.kept].tolist())
        self.tercile = tercile[self.kept]
        self.imputed = impute(log_totals(self.panel))

    def towns(self, group: NDArray[np.int64], since: int) -> Towns:
        """Of the towns kept."""
        return Towns(
            sales_cny=self.sold[self.kept, -1],
            active_shops=np.zeros(len(self.kept)),
            log_gdp_per_head=self.log_gdp[self.kept],
            certified=self.certified[self.kept],
            group=group,
            since=since,
        )

    def truth_cny(self, scenario: Scenario, since: int) -> float:
        """What the towns added, certified since a year, make all sell more in the last.

        Those on the list as it was keep their years: only what is added is predicted.
        """
        gains = []
        for listed in scenario.lists:
            added = np.zeros(len(self.sold), dtype=bool)
            added[self.kept] = listed & ~self.certified[self.kept]
            earlier = added[:, None] & (self.world.years >= since)
            other = draw_country(self.world, np.random.default_rng(self.seed))
            done = _sold(replace(other, random_timing=other.random_timing | earlier))
            gains.append(float((done - self.sold)[:, -1].sum()))
        return float(np.mean(gains))

    def rings(self) -> tuple[WithInfluence, Callable[[NDArray[np.bool_]], NDArray[np.int64]]]:
        """Effects by ring, and the ring (from 0) of each town under a list."""
        place = self.country.place
        longitude, latitude = place.longitude_deg, place.latitude_deg
        certified = self.country.certification.certified
        distance = np.column_stack(
            [
                nearest_km(longitude, latitude, np.ones(len(listed), dtype=bool), listed)
                for listed in certified.T
            ]
        )
        ring = rings(distance, RING_EDGES_KM)[self.kept]
        by_ring = spillovers(log_totals(self.panel), ring).by_ring

        def ring_of(listed: NDArray[np.bool_]) -> NDArray[np.int64]:
            everywhere = np.ones(len(listed), dtype=bool)
            kept = longitude[self.kept], latitude[self.kept]
            found = rings(nearest_km(*kept, everywhere, listed), RING_EDGES_KM) - 1
            return np.where(found < len(by_ring.estimates), found, NO_RING)

        return by_ring, ring_of


def predictions(world: Design, seed: int) -> Iterator[Prediction]:
    """By both rules; with gains of near towns where the world has them."""
    lived = Lived(world, seed)
    gdp = lived.log_gdp[lived.kept]
    support = Support(np.log(lived.panel.outcome[:, 0]), gdp)
    by_ring, ring_of = lived.rings() if any(world.ring_spillovers) else (None, None)
    own = effects_since(lived.imputed, DEVELOPMENT, gdp, lived.tercile)
    group = np.broadcast_to(lived.tercile[:, None], lived.panel.outcome.shape)
    last = np.where(lived.panel.years == lived.panel.years[-1], group, NO_GROUP)
    together = effects_by_group(lived.imputed, DEVELOPMENT, TERCILES, last)
    both = together if by_ring is None else beside(together, by_ring)
    rng = np.random.default_rng(seed)
    thirds = drawn_effects(both, town_spread(lived.imputed, group), rng, EFFECT_DRAWS)
    of_rules = (
        (own.drawn(seed, EFFECT_DRAWS, by_ring), np.arange(len(gdp))),
        (thirds, lived.tercile),
    )
    for rule, (effects, place) in zip(RULES, of_rules, strict=True):
        towns = lived.towns(place, own.since)
        near = None if ring_of is None else Spillovers(ring_of, int(place.max()) + 1)
        scenario = next_least_developed(towns, ADDED)
        try:
            found = outcome(scenario, towns, effects, support, near)
        except PanelError:
            found = None
        yield Prediction(rule, found, lived.truth_cny(scenario, own.since))


def main(draws: int = DRAWS) -> None:
    print(f"SIMULATED: {draws} countries a world of {TOWNS} towns, {ADDED} more certified.")
    print("| world | near towns gain | effects | held | prediction | half interval | no number |")
    print("|---|---|---|---|---|---|---|")
    for name, world in WORLDS.items():
        for gains in ((0.0, 0.0, 0.0), GROWING.ring_spillovers):
            here = replace(world, ring_spillovers=gains)
            every: list[Prediction] = []
            for seed in range(draws):
                try:
                    every += predictions(here, seed)
                except PanelError:  # nothing is far enough from certified towns: no rule says more
                    every += [Prediction(rule, None, float("nan")) for rule in RULES]
            for rule in RULES:
                of_rule = [each for each in every if each.rule == rule]
                print(f"| {name} | {'yes' if any(gains) else 'no'} | {rule} | {_row(of_rule)} |")
                sys.stdout.flush()


def _row(predicted: Sequence[Prediction]) -> str:
    given = [(each, each.found) for each in predicted if each.found is not None]
    none = f"{100 - 100 * len(given) / len(predicted):.0f} %"
    if not given:
        return f"- | - | - | {none}"
    held = 100 * np.mean([each.is_held for each, _ in given])
    ratio = np.median([found.extra_sales_cny / each.truth_cny for each, found in given])
    half = np.median(
        [(found.high_cny - found.low_cny) / 2 / each.truth_cny for each, found in given]
    )
    return f"{held:.1f} % | {ratio:.2f} | {half:.2f} | {none}"


def _sold(country: Country) -> NDArray[np.float64]:
    """(towns, years): yuan, of a country of one block."""
    (history,) = country.histories()
    return np.asarray(history.town_sum(history.sales_cny))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
