"""Sums and differences of effects, with errors that know how the parts move together.

Belongs here: what the findings ask and no estimator gives directly. Not here: the effects, and
tests of many of them at once (`joint.py`).
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assets.towns.estimators.labels import (
    COVID_CONTRAST,
    GROUP_CONTRAST,
    LATER_COHORTS,
    LONG_RUN,
    LONG_RUN_FROM,
    OVERALL,
)
from assets.towns.estimators.staggered.imputation import Imputed, average
from assets.towns.estimators.town_effect import WithInfluence, estimates_with_influence
from assets.towns.panel.town_panel import PanelError

Floats = NDArray[np.float64]


def effects_by_group(
    imputed: Imputed, target: str, names: tuple[str, ...], group: NDArray[np.int64]
) -> WithInfluence:
    """Imputed effects averaged over groups of treated cells, with the panel's weights.

    names: (groups,), the cells' names; group: (towns, years) of the imputed panel, positions in
    names; untreated cells, and those with another number, count nowhere.
    Raises PanelError where a group has no treated cell.
    """
    labels, weights = [], []
    for position, name in enumerate(names):
        inside = imputed.panel.treated & (group == position)
        if not inside.any():
            raise PanelError(f"{target} {name}: no certified town-year, so no effect to be seen")
        weight = imputed.panel.weight[:, None] * inside
        labels.append((target, name, int(inside.any(axis=1).sum())))
        weights.append(weight / weight.sum())
    return average(imputed, tuple(labels), weights)


def last_effects_on_level(
    imputed: Imputed, target: str, level: NDArray[np.float64], among: NDArray[np.bool_]
) -> WithInfluence:
    """Imputed effects of the last year on a level: two cells, the effect at level 0 and its slope.

    level: (towns,); among: (towns,) which certified towns are looked at, each counting once, by
    least squares. Raises PanelError where their levels are all the same.
    """
    towns = np.flatnonzero(among & imputed.panel.treated[:, -1])
    line = np.column_stack([np.ones(len(towns)), level[towns]])
    if np.linalg.matrix_rank(line) < line.shape[1]:
        raise PanelError(f"{target}: certified towns do not differ in it, so no slope of effects")
    weights = []
    for of_each in np.linalg.pinv(line):
        weight = np.zeros(imputed.panel.outcome.shape)
        weight[towns, -1] = of_each
        weights.append(weight)
    labels = tuple((target, cell, len(towns)) for cell in ("at level 0", "slope"))
    return average(imputed, labels, weights)


def later_cohorts(result: WithInfluence) -> WithInfluence:
    """How much more each later cohort gains in its first year, log points a year.

    result: with group_time cells. Only first years, so that duration does not mix in; weighted
    least squares slope on the cohort's year, each certified town counting once.
    """
    cells = _of(result, "group_time")
    pairs = {
        place: int(cohort)
        for place, name in cells.items()
        for cohort, year in [_numbers(name)]
        if cohort == year
    }
    if len(pairs) < 2:
        raise PanelError("fewer than two cohorts are seen in their first year: no slope")
    return _contrast(result, slope_weights(pairs, _treated(result)), LATER_COHORTS)


def slope_weights(level: Mapping[int, int], size: Mapping[int, int]) -> dict[int, float]:
    """Weight of each effect in the slope of effects on their level, by place: weights of sizes."""
    total = sum(size[place] for place in level)
    centre = sum(size[place] * value for place, value in level.items()) / total
    spread = sum(size[place] * (value - centre) ** 2 for place, value in level.items())
    return {place: size[place] * (value - centre) / spread for place, value in level.items()}


def long_run(result: WithInfluence) -> WithInfluence:
    """Mean effect from LONG_RUN_FROM years after certification on, each town-year counting once."""
    late = [
        place
        for place, name in _of(result, "event_time").items()
        if _numbers(name)[0] >= LONG_RUN_FROM
    ]
    if not late:
        raise PanelError(f"no town is seen {LONG_RUN_FROM} years after certification")
    return _contrast(result, mean_weights(late, _treated(result)), LONG_RUN)


def mean_weights(places: list[int], size: Mapping[int, int]) -> dict[int, float]:
    """Weight of each effect in their mean, by place."""
    total = sum(size[place] for place in places)
    return {place: size[place] / total for place in places}


def covid_contrast(result: WithInfluence, covid_year: int) -> WithInfluence:
    """Mean effect from covid_year on less that before; result: with calendar_year cells.

    Later years hold later cohorts and longer durations, which this does not take out.
    """
    cells = {place: _numbers(name)[0] for place, name in _of(result, "calendar_year").items()}
    before = [place for place, year in cells.items() if year < covid_year]
    since = [place for place, year in cells.items() if year >= covid_year]
    if not before or not since:
        raise PanelError(f"no certified town-year before or none since {covid_year}")
    size = _treated(result)
    minus = {place: -weight for place, weight in mean_weights(before, size).items()}
    return _contrast(result, mean_weights(since, size) | minus, COVID_CONTRAST)


def first_less_last(groups: WithInfluence, target: str) -> WithInfluence:
    """Effect of the first group less that of the last, under the target's name."""
    return _contrast(groups, {0: 1.0, len(groups.estimates) - 1: -1.0}, target)


def group_contrast(group: WithInfluence, everybody: WithInfluence) -> WithInfluence:
    """First effect on a group's outcome less the first on everybody's, of (nearly) the same towns.

    In log points: the change of the ratio of both.
    """
    both = beside(_first(group), _first(everybody))
    return _contrast(both, {0: 1.0, 1: -1.0}, GROUP_CONTRAST)


def beside(*results: WithInfluence) -> WithInfluence:
    """The estimates of several results as one, over the union of their towns.

    A town that a result leaves out has no influence on it; the others' is scaled so that standard
    errors stay what they were.
    """
    town = tuple(sorted({name for result in results for name in result.town}))
    place = {name: position for position, name in enumerate(town)}
    columns = []
    for result in results:
        column = np.zeros((len(town), len(result.estimates)))
        scale = len(town) / len(result.town)
        column[[place[name] for name in result.town]] = result.influence * scale
        columns.append(column)
    estimates = tuple(estimate for result in results for estimate in result.estimates)
    return WithInfluence(estimates, np.concatenate(columns, axis=1), town)


def _first(result: WithInfluence) -> WithInfluence:
    return replace(result, estimates=result.estimates[:1], influence=result.influence[:, :1])


def _contrast(result: WithInfluence, weights: Mapping[int, float], target: str) -> WithInfluence:
    """One weighted sum of effects; weights by their places."""
    weight = np.zeros(len(result.estimates))
    weight[list(weights)] = list(weights.values())
    effect = np.array([cell.estimate for cell in result.estimates])
    used = [result.estimates[place] for place in weights]
    label = (target, OVERALL, max(cell.treated_towns for cell in used))
    value, influence = np.array([weight @ effect]), (result.influence @ weight)[:, None]
    return estimates_with_influence(used[0].estimator, [label], value, influence, result.town)


def _of(result: WithInfluence, target: str) -> dict[int, str]:
    """Place and name of the cells of a target, the one number of it left out."""
    return {
        place: cell.cell
        for place, cell in enumerate(result.estimates)
        if cell.target == target and cell.cell
    }


def _numbers(cell: str) -> list[int]:
    """The numbers in a cell's name: "g=2015,t=2016" has 2015 and 2016."""
    return [int(part.split("=")[1]) for part in cell.split(",")]


def _treated(result: WithInfluence) -> dict[int, int]:
    return {place: cell.treated_towns for place, cell in enumerate(result.estimates)}
