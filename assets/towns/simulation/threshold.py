"""Certification by the rule: who is on the list of a year, from the records of the year before.

Belongs here: the rule in numpy, against which the SQL can be checked. Not here: random timing.
"""

import numpy as np
from numpy.typing import NDArray

from assets.towns.simulation.design import Design, Regime
from assets.towns.simulation.sellers import NO_VILLAGE, History

Mask = NDArray[np.bool_]


def certified_by_rule(design: Design, history: History, is_subdistrict: Mask, place: int) -> Mask:
    """(towns of the block,): on the list of the year at `place`, from the year before it.

    Nobody is on a list for whose year there is no regime, nor on that of the first year of data.
    """
    regime = design.regime(design.first_year + place)
    towns = history.sellers.towns
    if place == 0 or regime is None:
        return np.zeros(towns, dtype=bool)
    on = np.zeros(towns, dtype=bool)
    if regime.min_villages is not None:
        on |= _villages(design, history, regime, place - 1) >= regime.min_villages
    if regime.min_sales_cny is not None and regime.min_active_shops is not None:
        sales = history.sales_cny[:, place - 1]
        total = np.bincount(history.sellers.town, sales, minlength=towns)
        shops = np.bincount(history.sellers.town, sales > 0, minlength=towns)
        on |= (total > regime.min_sales_cny) & (shops > regime.min_active_shops)
    return on if regime.subdistricts_count else on & ~is_subdistrict


def _villages(design: Design, history: History, regime: Regime, place: int) -> NDArray[np.int64]:
    """(towns,): how many of each town's villages reach both minima in the year at `place`."""
    who, villages = history.sellers, design.villages_per_town
    inside = who.village != NO_VILLAGE
    cell = who.town[inside] * villages + who.village[inside]
    sales = history.sales_cny[inside, place]
    cells = who.towns * villages
    total = np.bincount(cell, sales, minlength=cells)
    shops = np.bincount(cell, sales > 0, minlength=cells)
    reached = (total >= regime.village_min_sales_cny) & (shops >= regime.village_min_active_shops)
    return np.asarray(reached.reshape(who.towns, villages).sum(axis=1))
