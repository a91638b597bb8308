"""For whom: effects by what towns are, as groups, as differences and as slopes.

Belongs here: traits of towns and what imputed effects have to do with them. Not here: differences
by cohort and calendar year (contrasts.py), adjustment for many tests (multiple_testing.py).
Differences between groups of towns are not caused by the trait: towns differ in other ways too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.towns.estimators.labels import (
    COVID_SAME_DURATION,
    OVERALL,
    RULE_SAME_DURATION,
    STATUS_LOST,
)
from assets.towns.estimators.staggered.contrasts import beside, effects_by_group, first_less_last
from assets.towns.estimators.staggered.imputation import Imputed, average
from assets.towns.estimators.town_effect import WithInfluence
from assets.towns.panel.town_panel import PanelError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trait:
    """Groups of towns; the difference that is tested is that of the first less the last."""

    name: str  # development_tercile, poverty_county, ethnic_autonomous, town_size, ...
    groups: tuple[str, ...]  # cells, at least two
    group: NDArray[np.int64]  # (towns,) of the imputed panel, positions in groups


def thirds(name: str, value: Floats, among: Floats | None = None) -> Trait:
    """Towns in thirds of a value: tercile=1 the lowest, tercile=3 the highest.

    value: (towns,); among: values of all towns that the edges come from, None for these.
    """
    edges = np.quantile(value if among is None else among, [1 / 3, 2 / 3])
    groups = ("tercile=1", "tercile=2", "tercile=3")
    return Trait(name, groups, np.searchsorted(edges, value, side="left").astype(np.int64))


def yes_or_no(name: str, value: NDArray[np.bool_]) -> Trait:
    """Towns for which something holds, and the others."""
    return Trait(name, ("yes", "no"), (~value).astype(np.int64))


def by_trait(imputed: Imputed, trait: Trait) -> WithInfluence:
    """Effect in each group, and then that of the first less that of the last.

    The difference has the trait's name and _contrast as its target. Weights are the panel's.
    Raises PanelError where a group has no certified town-year.
    """
    group = np.broadcast_to(trait.group[:, None], imputed.panel.outcome.shape)
    groups = effects_by_group(imputed, trait.name, trait.groups, group)
    return beside(groups, first_less_last(groups, f"{trait.name}_contrast"))


def gradient(imputed: Imputed, name: str, value: Floats) -> WithInfluence:
    """Slope of the effect on a value of towns, per unit of it: weighted least squares on effects.

    value: (towns,), such as log GDP per head, of which a slope of -0.1 says that a town twice as
    rich gains 0.1 log(2) = 0.07 log points less. The slope is linear in the effects, so its error
    is that of any average. Raises PanelError where the value does not vary among certified towns.
    """
    treated = imputed.panel.treated
    weight = imputed.panel.weight[:, None] * treated
    value_of = np.broadcast_to(value[:, None], weight.shape)
    centred = np.where(treated, value_of - np.sum(weight * value_of) / weight.sum(), 0.0)
    spread = float(np.sum(weight * centred**2))
    if spread <= 1e-12 * float(np.sum(weight * value_of**2)):
        raise PanelError(f"{name} is the same in all certified towns: no slope")
    label = (f"{name}_gradient", OVERALL, int(treated.any(axis=1).sum()))
    return average(imputed, (label,), [weight * centred / spread])


def covid_same_duration(imputed: Imputed, covid_year: int) -> WithInfluence:
    """Effect since the Covid year less that before, at the same years since certification.

    Later years hold later cohorts at a given duration, which cannot be taken out: calendar year,
    cohort and duration are tied. Raises PanelError where no duration is seen on both sides.
    """
    since = np.broadcast_to(imputed.panel.years >= covid_year, imputed.panel.treated.shape)
    return _same_duration(imputed, COVID_SAME_DURATION, since, covid_year)


def rule_same_duration(imputed: Imputed, rule_year: int) -> WithInfluence:
    """Effect of towns certified since a rule changed less that of those before, likewise.

    Two treatments, if the rules certify two kinds of towns; that later cohorts are later cannot be
    told apart from it. Raises PanelError where no duration is seen on both sides.
    """
    since = imputed.panel.first_treated_year[:, None] >= rule_year
    shape = imputed.panel.treated.shape
    return _same_duration(imputed, RULE_SAME_DURATION, np.broadcast_to(since, shape), rule_year)


def _same_duration(
    imputed: Imputed, target: str, late_cell: NDArray[np.bool_], year: int
) -> WithInfluence:
    """Differences at each duration seen on both sides, weighted by the treated weight at it.

    late_cell: (towns, years); year: from which on cells are late, for the message.
    """
    panel, treated = imputed.panel, imputed.panel.treated
    weight = panel.weight[:, None] * treated
    elapsed = np.where(treated, panel.years - panel.first_treated_year[:, None], -1)
    total = np.zeros(treated.shape)
    for duration in np.unique(elapsed[treated]):
        late, early = (weight * (elapsed == duration) * side for side in (late_cell, ~late_cell))
        if late.sum() > 0 and early.sum() > 0:
            total += (late + early).sum() * (late / late.sum() - early / early.sum())
    size = float(np.sum(total, where=late_cell))
    if size == 0:
        raise PanelError(f"no years since certification are seen both before {year} and since")
    used = int((total != 0).any(axis=1).sum())
    return average(imputed, ((target, OVERALL, used),), [total / size])


def after_the_loss(imputed: Imputed, listed: NDArray[np.bool_]) -> WithInfluence:
    """Effects of having been certified, in towns that lost the status: after it less before.

    imputed: towns that lost the status are in it as certified from their first year on; listed:
    (towns, years) who has the status. Years in which a town has it again count on neither side. An
    effect of zero after says that nothing stays; towns that lose the status may be those that would
    have fallen anyway. Raises PanelError where no town lost it, or none had it in the panel before.
    """
    after = imputed.panel.treated & ~listed
    if not after.any():
        raise PanelError("no town lost the status")
    lost_since = np.maximum.accumulate(after, axis=1)
    losing = after.any(axis=1, keepdims=True)
    group = np.select([after, losing & ~lost_since], [0, 1], -1)
    groups = effects_by_group(imputed, STATUS_LOST, ("after", "before"), group)
    return beside(groups, first_less_last(groups, f"{STATUS_LOST}_contrast"))


def for_whom(imputed: Imputed, traits: Sequence[Trait]) -> tuple[WithInfluence, WithInfluence]:
    """Effects by group of every trait, and the differences alone, which are tested together.

    Raises PanelError where there is no trait.
    """
    if not traits:
        raise PanelError("certified towns lie on one side of every trait: nothing to compare")
    results = [by_trait(imputed, trait) for trait in traits]
    contrasts = [
        result.take(np.arange(len(result.estimates)) == len(result.estimates) - 1)
        for result in results
    ]
    return beside(*results), beside(*contrasts)
