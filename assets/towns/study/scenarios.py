"""The scenarios that are run on a data set, as rows of `model.town_policy`.

Belongs here: which lists are tried, and what the data say of the towns on them. Not here: what a
list gives and cannot say (`policy.py`), or effects (`without_certification.py`).
"""

from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assets.towns.estimators.labels import DEVELOPMENT
from assets.towns.panel.distance import nearest_km
from assets.towns.questions.counterfactual import (
    DrawnEffects,
    EffectsSince,
    effects_since,
    log_totals,
)
from assets.towns.questions.policy import (
    NO_RING,
    Outcome,
    Scenario,
    Spillovers,
    Support,
    Towns,
    another_threshold,
    next_at_random,
    next_closest,
    next_least_developed,
    outcome,
)
from assets.towns.questions.spillovers import rings, spillovers
from assets.towns.study.result_rows import TownPolicyRow
from assets.towns.study.specification import (
    EFFECT_DRAWS,
    FEWEST_TOWNS,
    NEXT_TOWNS,
    RING_EDGES_KM,
    SEED,
    THRESHOLD_FACTORS,
)
from assets.towns.study.study_data import StudyData
from assets.towns.study.without_certification import Totals, totals
from assets.vintages.failures import Failures


def policy_rows(data: StudyData, failures: Failures) -> list[TownPolicyRow]:
    """What other lists of the last year would have given, with and without gains of near towns.

    A scenario that cannot be computed is a failure. A list that differs by fewer than FEWEST_TOWNS
    towns is left out: its gain would give their sales away.
    """
    outcomes: list[Outcome] = []
    with failures.entry(data.dataset):
        found = totals(data)
        log_gdp = np.log(data.numbers_of(found.panel, "baseline_gdp_per_head_cny"))
        effects = effects_since(found.imputed, DEVELOPMENT, log_gdp, found.tercile)
        own = effects.drawn(SEED, EFFECT_DRAWS)
        towns, support = _towns(data, found, log_gdp, effects.since), _support(data, found)
        near = None
        with failures.entry(data.dataset, "gains of near towns"):
            near = _near(data, found, effects)
        for scenario in _scenarios(data, found, towns):
            with failures.entry(data.dataset, scenario.name):
                outcomes.append(outcome(scenario, towns, own, support, None))
                if near is not None:
                    outcomes.append(outcome(scenario, towns, near[0], support, near[1]))
    return [
        TownPolicyRow(
            vintage=failures.vintage, dataset=data.dataset, simulated=data.simulated, **asdict(one)
        )
        for one in outcomes
        if not 0 < one.towns_added + one.towns_removed < FEWEST_TOWNS
    ]


def _last_list(data: StudyData, found: Totals) -> pd.DataFrame:
    """Records behind the list of the last year, (towns,) in the order of the panel."""
    last = data.certification[data.certification["year"] == found.panel.years[-1]]
    here: pd.DataFrame = last.set_index("town_id").loc[list(found.panel.town)]
    return here


def _towns(
    data: StudyData, found: Totals, log_gdp_per_head: NDArray[np.float64], since: int
) -> Towns:
    return Towns(
        sales_cny=found.panel.outcome[:, -1],
        active_shops=_last_list(data, found)["active_sellers"].to_numpy(dtype=np.float64),
        log_gdp_per_head=log_gdp_per_head,
        certified=found.panel.treated[:, -1],
        group=np.arange(len(found.panel.town)),
        since=since,
    )


def _support(data: StudyData, found: Totals) -> Support:
    panel = found.panel
    treated = np.flatnonzero(panel.ever_treated)
    before = panel.first_treated_year[treated].astype(np.int64) - 1 - panel.years[0]
    gdp = data.numbers_of(panel, "baseline_gdp_per_head_cny")
    return Support(np.log(panel.outcome[treated, before]), np.log(gdp[treated]))


def _near(data: StudyData, found: Totals, own: EffectsSince) -> tuple[DrawnEffects, Spillovers]:
    """Effects on certified towns and by ring together. Raises PanelError as spillovers() does."""
    by_ring = spillovers(log_totals(found.panel), data.rings_of(found.panel)).by_ring
    effects = own.drawn(SEED, EFFECT_DRAWS, by_ring)
    degrees = [data.numbers_of(found.panel, f"{name}_deg") for name in ("longitude", "latitude")]
    everywhere = np.ones(len(found.panel.town), dtype=bool)

    def ring_of(certified: NDArray[np.bool_]) -> NDArray[np.int64]:
        distance = nearest_km(degrees[0], degrees[1], everywhere, certified)
        ring = rings(distance, RING_EDGES_KM) - 1
        return np.where(ring < len(by_ring.estimates), ring, NO_RING)

    return effects, Spillovers(ring_of, first_ring=len(found.panel.town))


def _scenarios(data: StudyData, found: Totals, towns: Towns) -> Iterator[Scenario]:
    """Other thresholds, where a threshold is in force, and the next towns."""
    here = _last_list(data, found)
    # where no threshold is in force the columns hold nothing, which is nan as a number
    min_sales, min_shops = here[_MINIMA].to_numpy(dtype=np.float64, na_value=np.nan)[0]
    free = int((~towns.certified).sum())
    generator = np.random.default_rng(SEED)
    if np.isfinite(min_sales):
        by_villages = (here["villages"] >= here["min_villages"]).to_numpy(dtype=bool)
        for factor in THRESHOLD_FACTORS:
            yield another_threshold(towns, factor * min_sales, min_shops, by_villages)
    for count in (number for number in NEXT_TOWNS if number <= free):
        if np.isfinite(min_sales):
            yield next_closest(towns, count, min_sales)
        yield next_least_developed(towns, count)
        yield next_at_random(towns, count, generator)


_MINIMA = ["min_sales_cny", "min_active_shops"]  # the same for all towns of a list
