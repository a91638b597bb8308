"""Town totals as they would have been without certification, and what follows from them.

Belongs here: totals divided by the effect of their group, and the change of any index of totals,
with its interval. Not here: effects (`imputation.py`, `contrasts.py`), or any index.

Effects are log points of a town's total sales, estimated by imputation on log totals and averaged
over a group of towns (development terciles, say). The totals themselves are taken as they are: the
interval holds the error of the groups' effects (multiplier bootstrap over towns) and how far single
towns may lie from their group's effect, which the data cannot tell apart from passing shocks.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.towns.estimators.imputation import Imputed
from assets.towns.estimators.joint import bootstrapped
from assets.towns.estimators.town_effect import WithInfluence, normal_interval
from assets.towns.panel.town_panel import PanelError, TownPanel

Floats = NDArray[np.float64]
Groups = NDArray[np.int64]
NO_GROUP = -1  # cells that certification does not touch


@dataclass(frozen=True, slots=True)
class DrawnEffects:
    """Effects of groups, and as they might as well have come out."""

    effect: Floats  # (groups,), log points
    draws: Floats  # (draws, groups)
    town_sd: float  # of single towns' effects around that of their group, log points
    generator: np.random.Generator


def drawn_effects(
    result: WithInfluence, town_sd: float, generator: np.random.Generator, draws: int = 999
) -> DrawnEffects:
    """Effects with draws of the multiplier bootstrap (see joint.py).

    result: one cell per group; town_sd: from town_spread(), or 0.
    """
    effect = np.array([cell.estimate for cell in result.estimates])
    drawn = effect + bootstrapped(result.influence, generator, draws)
    return DrawnEffects(effect, drawn, town_sd, generator)


def town_spread(imputed: Imputed, group: Groups) -> float:
    """How far effects of towns lie from those of their group: a standard deviation, log points.

    group: (towns, years) of the imputed panel. Variance of the imputed effects around the mean of
    their group and year, less that of the gaps in untreated cells. The latter is within the sample
    and so a little small, which makes the spread rather too large than too small; 0 at least.
    """
    treated = imputed.panel.treated
    key = group * len(imputed.panel.years) + np.arange(len(imputed.panel.years))
    _, cell = np.unique(key[treated], return_inverse=True)
    gap, size = imputed.gap[treated], np.bincount(cell)
    deviation = gap - (np.bincount(cell, gap) / size)[cell]
    of_effects = np.sum(deviation**2) / max(len(gap) - len(size), 1)
    return float(np.sqrt(max(of_effects - np.mean(imputed.gap[~treated] ** 2), 0.0)))


def log_totals(panel: TownPanel) -> TownPanel:
    """The panel of log totals, every town counting once. Raises PanelError for a total of zero."""
    zero = np.argwhere(panel.outcome <= 0)
    if zero.size:
        town, year = zero[0]
        raise PanelError(
            f"town {panel.town[town]} sold nothing in {panel.years[year]}: its log is none; "
            "leave the town out"
        )
    ones = np.ones(len(panel.town))
    return TownPanel(panel.town, panel.years, np.log(panel.outcome), panel.first_treated_year, ones)


def without_certification(totals: Floats, group: Groups, effect: Floats) -> Floats:
    """Totals divided by exp(effect of the cell's group).

    totals: any shape, yuan; group: the same shape, positions in effect or NO_GROUP;
    effect: (groups,), log points.
    """
    gain = np.where(group == NO_GROUP, 0.0, effect[np.maximum(group, 0)])
    return np.asarray(totals * np.exp(-gain))


@dataclass(frozen=True, slots=True)
class Change:
    """An index as observed, as it would be without certification, and observed less that."""

    observed: float
    without: float
    without_low: float
    without_high: float
    difference: float
    std_error: float
    low: float
    high: float


def change(
    totals: Floats, group: Groups, effects: DrawnEffects, index: Callable[[Floats], float]
) -> Change:
    """What certification did to an index of totals.

    totals, group: as in without_certification(), towns first. The interval is normal, with the
    standard deviation of the index over draws of the groups' effects and of towns' deviations.
    """
    observed = index(totals)
    without = index(without_certification(totals, group, effects.effect))
    drawn = [
        index(without_certification(totals * _deviations(totals, group, effects), group, draw))
        for draw in effects.draws
    ]
    error = float(np.std(drawn, ddof=1))
    difference = observed - without
    return Change(
        observed,
        without,
        *normal_interval(without, error),
        difference,
        error,
        *normal_interval(difference, error),
    )


def _deviations(totals: Floats, group: Groups, effects: DrawnEffects) -> Floats:
    """Factors by which towns' gains may differ from their group's; 1 where nothing is gained."""
    shape = (len(totals), *[1] * (totals.ndim - 1))
    deviation = effects.town_sd * effects.generator.standard_normal(shape)
    return np.asarray(np.where(group == NO_GROUP, 1.0, np.exp(deviation)))
