"""How often an assumption of the town study is called for and against, where it holds and not.

Run: python -m benchmarks.assumption_verdicts [draws]. Panels of few_controls.py with an effect of
the size published: 100 certified towns of three cohorts, ten years. In the world `holds` nothing
else happens. In `material` what the assumption excludes biases the effect by exactly the material
size of `assets/regression/verdict.py`: certified towns have a trend of their own, or half of the
controls are near certified towns and gain too. There "for" is an error, and should be rare. Not
here: the rule, assertions (tests/towns/assumptions).
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from assets.regression.verdict import PUBLISHED_EFFECT, Verdict, material_size
from assets.towns.assumptions import pre_trends
from assets.towns.assumptions.placebo import (
    bias_per_placebo,
    placebo_date_evidence,
    placebo_dates,
)
from assets.towns.estimators.staggered import imputation
from assets.towns.estimators.staggered.callaway_santanna import by_event_time, group_time
from assets.towns.estimators.staggered.event_study import event_study_of
from assets.towns.panel.effective_clusters import effective_clusters
from assets.towns.panel.town_panel import TownPanel
from assets.towns.questions import spillovers
from benchmarks.few_controls import null_panel

CONTROLS = (60, 300)
WORLDS = ("holds", "material")
Violation = NDArray[np.float64]  # (towns, years), what is added to outcomes


@dataclass(frozen=True, slots=True)
class Assumption:
    """What would violate it, how far that biases the effect, and the verdict on it."""

    violated: Callable[[TownPanel], Violation]  # by one unit
    estimate: Callable[[TownPanel], float]  # the effect that is biased
    verdict: Callable[[TownPanel], Verdict]


def own_trend(panel: TownPanel) -> Violation:
    trend = panel.ever_treated[:, None] * (panel.years - panel.years[0]).astype(np.float64)
    return np.asarray(trend)


def near(panel: TownPanel) -> Violation:
    """1 where one of every second control has certified towns nearby."""
    inside = ~panel.ever_treated & (np.arange(len(panel.town)) % 2 == 0)
    return np.asarray((inside[:, None] & (panel.years >= panel.cohorts[0])).astype(np.float64))


def _event_study(panel: TownPanel) -> float:
    return by_event_time(group_time(panel, "not_yet", "universal")).estimates[0].estimate


def _pre_trend(panel: TownPanel) -> Verdict:
    study = event_study_of(by_event_time(group_time(panel, "not_yet", "universal")))
    clusters = effective_clusters(panel)
    towns = min(clusters.treated, clusters.controls)
    return pre_trends.evidence(study, "", towns=towns).verdict


def _imputed(panel: TownPanel) -> float:
    return imputation.att(panel).estimate


def _placebo_date(years: int) -> Callable[[TownPanel], Verdict]:
    def verdict(panel: TownPanel) -> Verdict:
        date, bias = placebo_dates(panel, years), bias_per_placebo(panel, years)
        return placebo_date_evidence(date, _imputed(panel), bias).verdict

    return verdict


def _near_towns(panel: TownPanel) -> Verdict:
    return spillovers.evidence(spillovers.spillovers(panel, near(panel).astype(np.int64))).verdict


ASSUMPTIONS = {
    "pre_trend": Assumption(own_trend, _event_study, _pre_trend),
    "placebo_date k=1": Assumption(own_trend, _imputed, _placebo_date(1)),
    "placebo_date k=2": Assumption(own_trend, _imputed, _placebo_date(2)),
    "near_towns_as_controls": Assumption(near, _imputed, _near_towns),
}


def shares(name: str, controls: int, world: str, draws: int, seed: int = 1) -> dict[Verdict, float]:
    """Shares of draws by verdict."""
    of = ASSUMPTIONS[name]
    count: dict[Verdict, int] = {"for": 0, "against": 0, "cannot say": 0}
    for draw in range(draws):
        panel = null_panel(controls, np.random.default_rng([seed, controls, draw]))
        added = PUBLISHED_EFFECT * panel.treated
        if world == "material":
            violation = of.violated(panel)
            bias = of.estimate(replace(panel, outcome=violation))
            added = added + violation * material_size(PUBLISHED_EFFECT) / abs(bias)
        count[of.verdict(replace(panel, outcome=panel.outcome + added))] += 1
    return {verdict: number / draws for verdict, number in count.items()}


def main(draws: int = 500) -> None:
    print(f"{draws} draws a cell; one standard error of 5 % is {(0.0475 / draws) ** 0.5:.1%}")
    for name, controls, world in product(ASSUMPTIONS, CONTROLS, WORLDS):
        found = shares(name, controls, world, draws)
        told = ", ".join(f"{verdict} {share:.1%}" for verdict, share in found.items())
        print(f"{name:22} {controls:3} controls, {world:8}: {told}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
