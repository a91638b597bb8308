"""How often the interval of an effect that is none leaves out zero, by number of controls.

Run: python benchmarks/few_controls.py [draws]. 100 certified towns of three cohorts, ten years,
town and year effects, AR(1) shocks and town trends; the true effect is zero. Prints for synthetic
DiD (jackknife), imputation and Callaway-Sant'Anna (analytic) how often the 95 % interval excludes
it: with the normal quantile, and with that of few_clusters.py. Not here: the rule, assertions
(tests/towns).
"""

import sys
from collections.abc import Callable

import numpy as np

from assets.towns.estimators.few_clusters import with_few_clusters
from assets.towns.estimators.staggered.callaway_santanna import group_time, overall
from assets.towns.estimators.staggered.imputation import att
from assets.towns.estimators.synthetic.synthetic_did import effective_clusters_of, synthetic_did
from assets.towns.estimators.synthetic.synthetic_did_inference import for_few_controls, jackknife
from assets.towns.estimators.town_effect import TownEffect
from assets.towns.panel.effective_clusters import EffectiveClusters, effective_clusters
from assets.towns.panel.town_panel import NEVER, TownPanel, town_panel
from assets.towns.simulation.effects import autoregressive

CONTROLS = (7, 15, 30, 60)
TREATED = 100
YEARS = np.arange(2012, 2022)
Found = tuple[TownEffect, EffectiveClusters]


def null_panel(controls: int, rng: np.random.Generator) -> TownPanel:
    """Certification does nothing."""
    towns = TREATED + controls
    trend = rng.normal(0, 0.02, (towns, 1)) * np.arange(len(YEARS))
    shock = autoregressive(rng, towns, len(YEARS), 0.15, 0.5)
    outcome = rng.normal(size=(towns, 1)) + rng.normal(size=len(YEARS)) + trend + shock
    first = np.where(np.arange(towns) < TREATED, 2015 + np.arange(towns) % 3 * 2, NEVER)
    return town_panel([f"town {k}" for k in range(towns)], YEARS.tolist(), outcome, first.tolist())


def by_synthetic_did(panel: TownPanel) -> Found:
    fit = synthetic_did(panel)
    return for_few_controls(fit, jackknife(fit)).estimates[0], effective_clusters_of(fit)


def by_imputation(panel: TownPanel) -> Found:
    return att(panel), effective_clusters(panel)


def by_callaway_santanna(panel: TownPanel) -> Found:
    return overall(group_time(panel, "not_yet")).estimates[0], effective_clusters(panel)


METHODS: dict[str, Callable[[TownPanel], Found]] = {
    "synthetic_did": by_synthetic_did,
    "imputation": by_imputation,
    "callaway_santanna": by_callaway_santanna,
}


def sizes(method: str, controls: int, draws: int, seed: int = 1) -> tuple[float, float]:
    """Share of intervals without zero: by the normal quantile, and by that of few clusters."""
    misses = np.zeros(2)
    for draw in range(draws):
        rng = np.random.default_rng([seed, controls, draw])
        effect, clusters = METHODS[method](null_panel(controls, rng))
        both = (effect, with_few_clusters(effect, clusters))
        misses += [not one.low <= 0 <= one.high for one in both]
    normal, few = (misses / draws).tolist()
    return normal, few


def main(draws: int = 500) -> None:
    print(f"{draws} draws a cell; one standard error of 5 % is {100 * (0.0475 / draws) ** 0.5:.1f}")
    for method in METHODS:
        for controls in CONTROLS:
            normal, few = sizes(method, controls, draws)
            print(f"{method:17} {controls:3} controls: normal {normal:.1%}, few clusters {few:.1%}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
