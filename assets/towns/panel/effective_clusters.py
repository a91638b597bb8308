"""How many towns an estimate rests on, once those that count for little count for little.

Belongs here: effective numbers of treated towns and of controls. Not here: what follows for an
interval (`estimators/few_clusters.py`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.towns.panel.town_panel import TownPanel


@dataclass(frozen=True, slots=True)
class EffectiveClusters:
    """Effective numbers: (sum w)^2 / sum w^2 over the weights of the towns of a side."""

    treated: float
    controls: float


def effective_number(weight: NDArray[np.float64]) -> float:
    """As many towns of equal weight would vary as little; weight: (towns,), 0 where there is none.

    Source: Kish (1965), Survey Sampling, section 8.2.
    """
    square = float(np.sum(weight**2))
    return float(np.sum(weight)) ** 2 / square if square else 0.0


def effective_clusters(
    panel: TownPanel, cluster: NDArray[np.str_] | None = None
) -> EffectiveClusters:
    """Of the towns certified in the panel, and of those that are not, by the panel's weights.

    cluster: (towns,) labels of the units that are independent of each other; None: the towns.
    Where every town is certified in the end, the last cohort counts as the controls it is.
    """
    if cluster is not None:
        cluster = cluster[panel.first_treated_year > panel.years[0]]
    panel = panel.seen_untreated()
    first = panel.first_treated_year
    last = panel.years[-1] if not panel.ever_treated.all() else first.max(initial=0) - 1
    treated = first <= last
    sides = [np.where(side, panel.weight, 0.0) for side in (treated, ~treated)]
    if cluster is not None:
        _, position = np.unique(cluster, return_inverse=True)
        sides = [np.bincount(position, side) for side in sides]
    return EffectiveClusters(*map(effective_number, sides))
