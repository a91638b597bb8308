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

from assets.towns.estimators.joint import bootstrapped
from assets.towns.estimators.staggered.contrasts import beside, last_effects_on_level
from assets.towns.estimators.staggered.imputation import Imputed
from assets.towns.estimators.town_effect import WithInfluence, normal_interval
from assets.towns.panel.town_panel import PanelError, TownPanel

Floats = NDArray[np.float64]
Groups = NDArray[np.int64]
NO_GROUP = -1  # cells that certification does not touch
COHORTS_BESIDE = 1  # how many years a cohort may lie from the one that is asked for
FEWEST_CERTIFIED = 10  # of these cohorts


@dataclass(frozen=True, slots=True)
class DrawnEffects:
    """Effects of groups, and as they might as well have come out."""

    effect: Floats  # (groups,), log points
    draws: Floats  # (draws, groups)
    town_sd: float  # of single towns' effects around that of their group, log points
    generator: np.random.Generator

    def deviations(self, towns: int) -> Floats:
        """(towns,): how far single towns may lie from the effects, drawn."""
        return np.asarray(self.town_sd * self.generator.standard_normal(towns))


def drawn_effects(
    result: WithInfluence, town_sd: float, generator: np.random.Generator, draws: int = 999
) -> DrawnEffects:
    """Effects with draws of the multiplier bootstrap (see joint.py).

    result: one cell per group; town_sd: from town_spread(), or 0.
    """
    effect = np.array([cell.estimate for cell in result.estimates])
    drawn = effect + bootstrapped(result.influence, generator, draws)
    return DrawnEffects(effect, drawn, town_sd, generator)


@dataclass(frozen=True, slots=True)
class EffectsSince:
    """What each town gains in the last year if certified since an earlier one, and near ones."""

    since: int
    of_level: WithInfluence  # effect at level 0, and slope
    level: Floats  # (towns,)
    town_sd: float

    def drawn(self, seed: int, draws: int, by_ring: WithInfluence | None = None) -> DrawnEffects:
        """Effects of every town, (towns,), and behind them those of rings, drawn together."""
        both = self.of_level if by_ring is None else beside(self.of_level, by_ring)
        generator = np.random.default_rng(seed)
        found = drawn_effects(both, self.town_sd, generator, draws)
        line = np.stack([np.ones(len(self.level)), self.level])
        return DrawnEffects(
            np.append(found.effect[:2] @ line, found.effect[2:]),
            np.hstack([found.draws[:, :2] @ line, found.draws[:, 2:]]),
            self.town_sd,
            generator,
        )


def effects_since(imputed: Imputed, target: str, level: Floats, group: Groups) -> EffectsSince:
    """What towns gain in the last year as if certified in the year of the middle certified town.

    imputed: of log totals; level: (towns,) on which effects may depend, as a straight line; target:
    its name; group: (towns,) of about the same level, within which, and within cohorts, it is
    measured how far single towns lie from others. Only cohorts at most COHORTS_BESIDE years from
    that year are looked at: where gains grow with time, or from cohort to cohort, others gain
    something else. Raises PanelError for fewer than FEWEST_CERTIFIED towns in them.
    """
    certified, first = imputed.panel.treated[:, -1], imputed.panel.first_treated_year
    if not certified.any():
        raise PanelError("no town is certified in the last year, so no effect to be seen")
    since = int(np.sort(first[certified])[certified.sum() // 2])
    among = certified & (np.abs(first - since) <= COHORTS_BESIDE)
    if among.sum() < FEWEST_CERTIFIED:
        raise PanelError(
            f"{among.sum()} towns certified about {since}: at least {FEWEST_CERTIFIED} are needed "
            "to say what others would gain"
        )
    centred = (level - level.mean()) / level.std()
    of_level = last_effects_on_level(imputed, target, centred, among)
    _, cohort = np.unique(first, return_inverse=True)
    cell = (group * (cohort.max() + 1) + cohort)[:, None]
    spread = town_spread(imputed, np.broadcast_to(cell, imputed.panel.outcome.shape))
    return EffectsSince(since, of_level, centred, spread)


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
