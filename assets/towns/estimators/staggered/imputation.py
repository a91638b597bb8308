"""Imputation of Borusyak, Jaravel and Spiess: effects against what untreated cells predict.

Belongs here: the imputed effects, their averages, and the test on untreated cells. Not here: the
least-squares algebra (assets/regression/panels/fixed_effects.py), or which cells a target averages
(targets.py).
Source: Borusyak, Jaravel and Spiess (2024), Review of Economic Studies 91, 3253-3285.
Every town with an untreated year is kept, also where it has only one. Of a panel with gaps the
cells that are there are used, as `did_imputation` of the authors and `diff-diff` do; a town needs
an outcome before it is treated.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.regression.panels.fixed_effects import TwoWayEffects, two_way_effects
from assets.regression.panels.two_way import two_way_regression
from assets.towns.estimators.town_effect import TownEffect, WithInfluence, estimates_with_influence
from assets.towns.panel.event_time import before_certification
from assets.towns.panel.targets import Label, targets
from assets.towns.panel.town_panel import PanelError, TownPanel

NAME = "imputation"
NEEDS = (
    "Without certification, every town's outcome would have been a town effect plus a year effect "
    "in all years of the panel, and no town reacts before it is certified."
)


@dataclass(frozen=True, slots=True)
class Imputed:
    """The effect in every treated cell, one by one without a meaning, on average with one."""

    panel: TownPanel  # the towns with an untreated year
    gap: NDArray[np.float64]  # (towns, years): outcome less prediction, in treated cells the effect
    fitted: NDArray[np.bool_]  # (towns, years): cells that town and year effects are fitted to
    untreated: TwoWayEffects  # town and year effects, fitted to those cells


def impute(panel: TownPanel) -> Imputed:
    """Outcome of every cell less the town and year effects that untreated cells give.

    Towns treated from the first year on are left out. Raises PanelError where no town is treated,
    or where a year has no untreated town: then nothing says what that year would have been like;
    of a panel with gaps also as impute_from() does.
    """
    panel = panel.seen_untreated()
    if not panel.ever_treated.any():
        raise PanelError("no town has both an untreated and a treated year")
    empty = np.flatnonzero(panel.treated.all(axis=0))
    if empty.size:
        year = int(panel.years[empty[0]])
        raise PanelError(f"no town is untreated in {year}: end the panel before that year")
    return impute_from(panel, ~panel.treated & panel.seen)


def impute_from(panel: TownPanel, fitted: NDArray[np.bool_]) -> Imputed:
    """Outcome of every cell less the town and year effects that the cells named give.

    fitted: (towns, years), untreated cells only, for example those far from certified towns; every
    town needs one. Raises PanelError where the cells are not so, where a year has none, or where
    they fall apart into groups of towns and years between which nothing can be compared.
    """
    if np.any(fitted & panel.treated):
        raise PanelError("a treated cell is among those that say what is without treatment")
    if np.any(fitted & ~panel.seen):
        raise PanelError("a cell without an outcome is among those that say what is without it")
    for axis, names in ((1, panel.town), (0, panel.years)):
        empty = np.flatnonzero(~fitted.any(axis=axis))
        if empty.size:
            raise PanelError(f"no cell of {names[empty[0]]} says what is without treatment")
    if not _connected(fitted):
        raise PanelError("the cells that say what is without treatment fall apart into groups")
    return _imputed(panel, fitted)


def _imputed(panel: TownPanel, fitted: NDArray[np.bool_]) -> Imputed:
    town, year_position = np.nonzero(fitted)
    untreated = two_way_effects(town, year_position, panel.weight[town])
    town_effect, year_effect = untreated.effects(panel.outcome[town, year_position])
    gap = panel.outcome - town_effect[:, None] - year_effect[None, :]
    gap[~panel.seen] = 0.0  # has no weight: average() refuses one
    return Imputed(panel, gap, fitted, untreated)


def _connected(cells: NDArray[np.bool_]) -> bool:
    """Whether towns and years form one graph whose edges are the cells."""
    reached = cells[0]
    while True:
        years = cells[(cells & reached).any(axis=1)].any(axis=0)
        if np.array_equal(years, reached):
            return bool(reached.all())
        reached = years


def imputation(panel: TownPanel, leave_out: bool = False) -> WithInfluence:
    """Effects overall, by event time, cohort, calendar year and cell, sellers (weights) alike.

    leave_out: see average(). Raises PanelError as impute() and average() do.
    """
    imputed = impute(panel)
    cells = {
        (cohort, year): cell
        for cohort in imputed.panel.cohorts.tolist()
        for year in imputed.panel.years.tolist()
        if year >= cohort and (cell := _cell(imputed.panel, cohort, year))[0].size
    }
    pairs = np.array(list(cells))
    wanted = targets(imputed.panel, pairs[:, 0], pairs[:, 1])
    weights = [_by_town(imputed.panel, cells, column) for column in wanted.weight.T]
    return average(imputed, wanted.labels, weights, leave_out)


def average(
    imputed: Imputed,
    labels: tuple[Label, ...],
    weights: list[NDArray[np.float64]],
    leave_out: bool = False,
    alike: NDArray[np.int64] | None = None,
) -> WithInfluence:
    """Averages of the imputed effects with given weights, and conservative standard errors.

    labels: target, cell and treated towns of each average; weights: of each, (towns, years), zero
    in the cells fitted. The influence of a town is the sum over its cells of weight times residual;
    fitted cells have the weight with which they enter the estimate (equation 6). In treated
    cells the residual is the effect less the average over its cohort and year, with squared
    weights (equation 8 with towns as clusters), which makes the error conservative. With leave_out
    that average is over the other towns of the cohort only (appendix A.9), which undoes the
    downward bias in small cohorts; PanelError where a cohort has one town. alike: (towns,) groups
    in place of cohorts, for averages over cells of which cohorts have few. Raises PanelError where
    a cell without an outcome has a weight.
    """
    for (target, cell, _), weight in zip(labels, weights, strict=True):
        if np.any(weight[~imputed.panel.seen]):
            raise PanelError(f"{target} {cell}: a cell without an outcome has a weight")
    _, cohort = np.unique(imputed.panel.first_treated_year, return_inverse=True)
    group = cohort if alike is None else alike
    member = (group[:, None] == np.arange(group.max() + 1)).astype(np.float64)
    untreated = np.where(imputed.fitted, imputed.gap, 0.0)
    columns = [
        _averaged(imputed, weight, leave_out, group, member, untreated) for weight in weights
    ]
    effect = np.array([effect for effect, _ in columns])
    influence = np.stack([influence for _, influence in columns], axis=1)
    return estimates_with_influence(NAME, labels, effect, influence, imputed.panel.town)


def pre_trend(panel: TownPanel) -> WithInfluence:
    """Differences before certification, among untreated cells alone; wald_test() joins them.

    Regression of untreated outcomes on years until certification, relative to the year before it,
    with town and year effects (section 4.4): treated cells cannot influence it. Raises PanelError
    where no town has two untreated years before certification.
    """
    panel = panel.seen_untreated()
    town, position = np.nonzero(~panel.treated & panel.seen)
    elapsed = panel.years[position] - panel.first_treated_year[town]
    leads = before_certification(panel)
    if not leads.size:
        raise PanelError("no town is seen two years before certification: no trend to test")
    fit = two_way_regression(
        panel.outcome[town, position],
        (elapsed[:, None] == leads).astype(np.float64),
        town,
        position,
        panel.weight[town],
    )
    labels = [
        ("pre_trend", f"e={lead}", int(np.unique(town[elapsed == lead]).size)) for lead in leads
    ]
    return estimates_with_influence(NAME, labels, fit.coefficient, fit.influence, panel.town)


def _averaged(
    imputed: Imputed,
    weight: NDArray[np.float64],
    leave_out: bool,
    group: NDArray[np.int64],
    member: NDArray[np.float64],
    untreated: NDArray[np.float64],
) -> tuple[float, NDArray[np.float64]]:
    """One average, and the influence of each town on it, (towns,).

    group: (towns,); member: (towns, groups), one where the town is of the group; untreated: the gap
    of cells fitted, zero elsewhere.
    """
    effect = float(np.sum(weight * imputed.gap, where=~imputed.fitted))
    _, year_effect = imputed.untreated.solve(weight.sum(axis=1), weight.sum(axis=0))
    # The gaps fitted sum to zero in each town, so what all its cells are weighted by adds nothing.
    influence = -imputed.panel.weight * (untreated @ year_effect)
    with_weight = np.flatnonzero(weight.any(axis=1))  # one cohort of many, where it is a cell's
    deviation = _own_deviation(imputed, weight, leave_out, group, member, with_weight)
    influence[with_weight] += np.sum(weight[with_weight] * deviation, axis=1)
    return effect, influence * len(imputed.panel.town)


def _own_deviation(
    imputed: Imputed,
    weight: NDArray[np.float64],
    leave_out: bool,
    group: NDArray[np.int64],
    member: NDArray[np.float64],
    towns: NDArray[np.int64],
) -> NDArray[np.float64]:
    """(towns asked for, years): effect less the weighted average of its group and year."""
    gap, square, group, member = imputed.gap[towns], weight[towns] ** 2, group[towns], member[towns]
    total = member.T @ square
    mean = (member.T @ (square * gap)) / np.where(total > 0, total, 1.0)
    deviation: NDArray[np.float64] = gap - mean[group]
    if not leave_out:
        return deviation
    others = np.where(square > 0, total[group] - square, 1.0)
    if np.any(others <= 0):
        town = imputed.panel.town[int(towns[np.argwhere(others <= 0)[0, 0]])]
        raise PanelError(f"town {town} is alone in its cohort: there is no other to leave in")
    return deviation * np.where(square > 0, total[group] / others, 1.0)


def _cell(
    panel: TownPanel, cohort: int, year: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The cohort's towns that are seen in the year, and the share of each by its weight."""
    towns = np.flatnonzero(
        (panel.first_treated_year == cohort) & panel.seen[:, year - panel.years[0]]
    )
    return towns, panel.weight[towns] / panel.weight[towns].sum()


def _by_town(
    panel: TownPanel,
    cells: Mapping[tuple[int, int], tuple[NDArray[np.int64], NDArray[np.float64]]],
    weight: NDArray[np.float64],
) -> NDArray[np.float64]:
    """(towns, years): the weight of each cell (g, t) shared among the cohort's towns."""
    shared = np.zeros(panel.outcome.shape)
    for ((_, year), (towns, share)), part in zip(cells.items(), weight, strict=True):
        shared[towns, year - panel.years[0]] = part * share
    return shared


def att(panel: TownPanel) -> TownEffect:
    """The overall imputed effect alone."""
    imputed = impute(panel)
    weight = imputed.panel.weight[:, None] * (imputed.panel.treated & imputed.panel.seen)
    label = ("att", "", int(imputed.panel.ever_treated.sum()))
    return average(imputed, (label,), [weight / weight.sum()]).estimates[0]
