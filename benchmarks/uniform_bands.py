"""How often the band around an event study holds all its effects at once, by number of controls.

Run: python -m benchmarks.uniform_bands [draws]. Panels of few_controls.py, in which certification
does nothing: 100 certified towns of three cohorts, ten years. Prints the share of draws in which
all effects by years since certification, those before it too, lie in the band of few_clusters.py,
and in their intervals one by one; for Callaway and Sant'Anna, extended TWFE and synthetic DiD, of
which the years from certification on count alone: the weights fit the others. Not here: the band
(`assets/towns/estimators/joint.py`), assertions (tests/towns).
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from assets.towns.estimators.few_clusters import with_few_clusters
from assets.towns.estimators.joint import with_band
from assets.towns.estimators.staggered.callaway_santanna import by_event_time, group_time
from assets.towns.estimators.staggered.etwfe import etwfe
from assets.towns.estimators.synthetic.synthetic_did import effective_clusters_of, synthetic_did
from assets.towns.estimators.synthetic.synthetic_did_inference import for_few_controls, jackknife
from assets.towns.estimators.town_effect import TownEffect, WithInfluence
from assets.towns.panel.effective_clusters import EffectiveClusters, effective_clusters
from assets.towns.panel.town_panel import TownPanel
from benchmarks.few_controls import null_panel

CONTROLS = (7, 15, 30, 60)
Found = tuple[WithInfluence, EffectiveClusters]


def by_callaway_santanna(panel: TownPanel) -> Found:
    return by_event_time(group_time(panel, "never", "universal")), effective_clusters(panel)


def by_etwfe(panel: TownPanel) -> Found:
    return etwfe(panel), effective_clusters(panel)


def by_synthetic_did(panel: TownPanel) -> Found:
    fit = synthetic_did(panel)
    found = for_few_controls(fit, jackknife(fit))
    after = [one.target == "event_time" and "-" not in one.cell for one in found.estimates]
    return found.take(np.array(after)), effective_clusters_of(fit)


METHODS: dict[str, Callable[[TownPanel], Found]] = {
    "callaway_santanna": by_callaway_santanna,
    "etwfe": by_etwfe,
    "synthetic_did": by_synthetic_did,
}


def of_effect(effect: TownEffect, clusters: EffectiveClusters) -> EffectiveClusters:
    """As a result has it (town_estimates.py): no more treated towns than the effect is of."""
    return replace(clusters, treated=min(clusters.treated, effect.treated_towns))


@dataclass(frozen=True, slots=True)
class Coverage:
    """Shares of draws in which every effect lies inside."""

    band: float
    intervals: float


def coverage(method: str, controls: int, draws: int, seed: int = 1) -> Coverage:
    held = np.zeros(2)
    for draw in range(draws):
        rng = np.random.default_rng([seed, controls, draw])
        found, clusters = METHODS[method](null_panel(controls, rng))
        banded = with_band(found, rng).estimates
        widened = [
            with_few_clusters(one, of_effect(one, clusters))
            for one in banded
            if one.band_low == one.band_low
        ]
        held += [
            all(one.band_low <= 0 <= one.band_high for one in widened),
            all(one.low <= 0 <= one.high for one in widened),
        ]
    return Coverage(*(held / draws).tolist())


def main(draws: int = 500) -> None:
    print(f"{draws} draws a cell; one standard error of 95 % is {(0.0475 / draws) ** 0.5:.1%}")
    for method in METHODS:
        for controls in CONTROLS:
            found = coverage(method, controls, draws)
            print(
                f"{method:17} {controls:3} controls: band {found.band:.1%}, "
                f"intervals one by one {found.intervals:.1%}",
                flush=True,
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
