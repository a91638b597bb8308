"""Standard errors of synthetic difference-in-differences: jackknife, bootstrap, placebo.

Belongs here: leaving towns out, drawing them again, and pretending that controls were treated.
Not here: the fit itself (`synthetic_did`).

Every method returns the same cells: the overall effect (treated town-years, by weight), each
cohort's, and each year's since certification. The cells before certification (e=-1 and less) show
how well the weights fit the years they were fitted to; they are no test of the assumption.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assets.towns.estimators.synthetic.synthetic_did import (
    CohortFit,
    Floats,
    SyntheticDid,
    Weights,
    effect_path,
    effective_clusters_of,
    fit_weights,
)
from assets.towns.estimators.town_effect import (
    TownEffect,
    WithInfluence,
    normal_interval,
    with_errors,
)
from assets.towns.panel.town_panel import NEVER, PanelError

Positions = NDArray[np.int64]
_NO_WEIGHT = 1e-6  # below this a year has none
TRIES_PER_DRAW = 20  # resamples that may lack a cohort, for each that does not


@dataclass(frozen=True, slots=True)
class Cells:
    """Names of what is estimated, in the order of every array of values."""

    target: tuple[str, ...]
    cell: tuple[str, ...]


def cells(fit: SyntheticDid) -> Cells:
    """The overall effect, one cell a cohort, one cell a year before and since certification."""
    cohorts = [f"g={cohort.window.first_treated_year}" for cohort in fit.cohorts]
    years = [f"e={event}" for event in _events(fit)]
    target = ["att", *["cohort"] * len(cohorts), *["event_time"] * len(years)]
    return Cells(tuple(target), ("", *cohorts, *years))


def point_estimates(fit: SyntheticDid) -> Floats:
    """Values of all cells, (cells,)."""
    return _one(fit, [c.gap for c in fit.cohorts], [c.mass for c in fit.cohorts])


def _one(fit: SyntheticDid, gaps: Sequence[Floats], masses: Sequence[float]) -> Floats:
    """All cells, (cells,), from one effect path, (years,), and one weight a cohort."""
    cells_of: Floats = _average(fit, [gap[None, :] for gap in gaps], masses)[0]
    return cells_of


def _events(fit: SyntheticDid) -> range:
    windows = [cohort.window for cohort in fit.cohorts]
    return range(-max(w.pre_years for w in windows), max(w.post_years for w in windows))


def _average(fit: SyntheticDid, gaps: Sequence[Floats], masses: Sequence[Floats | float]) -> Floats:
    """Cells from effect paths; gaps: per cohort (replicates, years), masses: (replicates,).

    Source of the weights: Arkhangelsky et al. (2021), appendix A; Clarke, Pailanir, Athey and
    Imbens (2023), equation 7: cohorts count by their treated town-years.
    """
    events = _events(fit)
    values = np.zeros((len(events), 2, gaps[0].shape[0]))  # sum of mass * gap, sum of mass
    cohorts = []
    for cohort, gap, mass in zip(fit.cohorts, gaps, masses, strict=True):
        first = -cohort.window.pre_years - events.start
        here = slice(first, first + cohort.window.years)
        values[here, 0] += gap.T * mass
        values[here, 1] += mass
        cohorts.append(gap[:, cohort.window.pre_years :].mean(axis=1))
    since = values[-events.start :].sum(axis=0)
    return np.column_stack([since[0] / since[1], *cohorts, (values[:, 0] / values[:, 1]).T])


def jackknife(fit: SyntheticDid) -> WithInfluence:
    """Leave each town out, the other weights as they are but summing to one again.

    Undefined for a cohort with one treated town, or with one control that has all the weight, and
    for averages it enters: their standard error is nan and `inference` says which cohort.
    Source: Arkhangelsky et al. (2021), algorithm 3; R `synthdid` 0.0.9 centres on the replicates'
    mean, as here. In each column sum(influence^2) / towns^2 is the squared standard error.
    """
    towns = fit.towns
    left_out = [_leave_one_out(fit, cohort, towns) for cohort in fit.cohorts]
    values = _average(fit, [gap for gap, _ in left_out], [mass for _, mass in left_out])
    count = len(towns)
    influence = np.sqrt((count - 1) * count) * (values.mean(axis=0) - values)
    std_error = np.sqrt(np.sum(influence**2, axis=0)) / count
    undefined = [_no_jackknife(cohort) for cohort in fit.cohorts]
    reason = "; ".join(text for text in undefined if text)
    names = np.where(np.isnan(std_error), f"jackknife undefined: {reason}", "jackknife")
    return WithInfluence(
        estimates=_estimates(fit, std_error, names.tolist()),
        influence=influence,
        town=tuple(fit.panel.town[position] for position in towns),
    )


def for_few_controls(fit: SyntheticDid, result: WithInfluence) -> WithInfluence:
    """The jackknife's result, the influence of controls widened by what the year weights cost.

    The jackknife takes weights as given. Those of the years were fitted to the controls, who then
    seem to vary less than they do: of k effective controls k - 1 - p say how much, where p is the
    number of years before that have weight, less one (they sum to one), a mean over cohorts. So
    the variance of the controls' part is multiplied by (k - 1)/(k - 1 - p), as that of residuals
    of a regression is; at least one is left. It matters where controls are few
    (benchmarks/few_controls.py), and R `synthdid`, made for many, has nothing like it.
    """
    controls = effective_clusters_of(fit).controls
    mass = np.array([cohort.mass for cohort in fit.cohorts])
    years = np.array([np.count_nonzero(cohort.weights.lam > _NO_WEIGHT) for cohort in fit.cohorts])
    spent = float(mass @ np.maximum(years - 1, 0) / mass.sum())
    left = max(controls - 1 - spent, 1.0)
    treated = np.concatenate([cohort.window.treated for cohort in fit.cohorts])
    is_control = ~np.isin(fit.towns, treated)
    factor = np.where(is_control, np.sqrt(max((controls - 1) / left, 1.0)), 1.0)
    influence = result.influence * factor[:, None]
    std_error = np.sqrt(np.sum(influence**2, axis=0)) / len(result.town)
    return WithInfluence(with_errors(result, std_error), influence, result.town)


def _no_jackknife(cohort: CohortFit) -> str:
    year = cohort.window.first_treated_year
    if cohort.window.treated.size == 1:
        return f"cohort {year} has one treated town"
    if np.count_nonzero(cohort.weights.omega) == 1:
        return f"in cohort {year} one control has all the weight"
    return ""


def _leave_one_out(fit: SyntheticDid, cohort: CohortFit, towns: Positions) -> tuple[Floats, Floats]:
    """Effect path and weight of a cohort without each town: (towns, years) and (towns,)."""
    window = cohort.window
    gap, mass = np.tile(cohort.gap, (len(towns), 1)), np.full(len(towns), cohort.mass)
    if _no_jackknife(cohort):
        return np.full_like(gap, np.nan), mass
    outcome = fit.panel.outcome[:, : window.years]
    path = effect_path(outcome, cohort.weights.lam)
    treated, controls = path[window.treated], path[window.controls]
    place = np.searchsorted(towns, window.treated)
    share, omega = cohort.treated_share[:, None], cohort.weights.omega[:, None]
    gap[place] += share / (1 - share) * (share.T @ treated - treated)
    mass[place] -= fit.panel.weight[window.treated]
    place = np.searchsorted(towns, window.controls)
    gap[place] -= omega / (1 - omega) * (omega.T @ controls - controls)
    return gap, mass


def bootstrap(
    fit: SyntheticDid, generator: np.random.Generator, draws: int = 200
) -> tuple[TownEffect, ...]:
    """Draw towns with replacement and fit again, penalties as they were.

    A sample that lacks a cohort or its controls is drawn anew. Raises PanelError where such
    samples are the rule.
    Source: Arkhangelsky et al. (2021), algorithm 2; weights start from the fitted ones, as in R.
    """
    _require_draws(draws)
    towns, values = fit.towns, []
    for _ in range(draws * TRIES_PER_DRAW):
        counts = np.zeros(len(fit.panel.town), dtype=np.int64)
        np.add.at(counts, generator.choice(towns, size=len(towns)), 1)
        windows = [cohort.window for cohort in fit.cohorts]
        if all(counts[each.treated].any() and counts[each.controls].any() for each in windows):
            values.append(_resampled(fit, counts))
        if len(values) == draws:
            return _estimates(fit, _spread(values), ["bootstrap"] * len(cells(fit).cell))
    raise PanelError(
        f"bootstrap: only {len(values)} of {draws} samples had every cohort and its controls; a "
        "cohort is too small. Take the jackknife or placebo."
    )


def _resampled(fit: SyntheticDid, counts: Positions) -> Floats:
    gaps, masses = [], []
    for cohort in fit.cohorts:
        window = cohort.window
        controls = np.repeat(window.controls, counts[window.controls])
        start = _renormalised(np.repeat(cohort.weights.omega, counts[window.controls]))
        weight = fit.panel.weight[window.treated] * counts[window.treated]
        share = weight / weight.sum()
        gaps.append(_refit(fit, cohort, window.treated, share, controls, start))
        masses.append(float(weight.sum()))
    return _one(fit, gaps, masses)


def _refit(
    fit: SyntheticDid,
    cohort: CohortFit,
    treated: Positions,
    share: Floats,
    controls: Positions,
    start: Floats,
) -> Floats:
    """Effect path of other treated and control towns, (years,), with the cohort's penalties."""
    window, outcome = cohort.window, fit.panel.outcome[:, : cohort.window.years]
    path, donors = share @ outcome[treated], outcome[controls]
    begin = Weights(start, cohort.weights.lam)
    weights = fit_weights(path, donors, window.pre_years, cohort.tuning, fit.form, begin)
    return effect_path(path - weights.omega @ donors, weights.lam)


def _renormalised(omega: Floats) -> Floats:
    total = omega.sum()
    return omega / total if total > 0 else np.full(omega.size, 1 / omega.size)


def placebo(
    fit: SyntheticDid, generator: np.random.Generator, draws: int = 200
) -> tuple[TownEffect, ...]:
    """Give the cohorts' sizes and years to towns that were never treated, and fit again.

    Works with one treated town. Needs more never treated towns than treated ones, and that both
    vary alike; raises PanelError where there are too few.
    Source: Arkhangelsky et al. (2021), algorithm 4; Clarke et al. (2023) for staggered timing.
    """
    _require_draws(draws)
    never = np.flatnonzero(fit.panel.first_treated_year == NEVER)
    if never.size <= fit.treated_towns:
        raise PanelError(
            f"placebo needs more never treated towns than treated ones: {never.size} never "
            f"treated, {fit.treated_towns} treated. Take the jackknife or bootstrap."
        )
    values = [_as_if_treated(fit, generator.permutation(never)) for _ in range(draws)]
    return _estimates(fit, _spread(values), ["placebo"] * len(cells(fit).cell))


def _as_if_treated(fit: SyntheticDid, shuffled: Positions) -> Floats:
    """All cells when the first towns of a shuffled list take the cohorts' places in turn."""
    ends = np.cumsum([0, *(cohort.window.treated.size for cohort in fit.cohorts)])
    controls = shuffled[ends[-1] :]
    gaps = []
    for cohort, (begin, end) in zip(fit.cohorts, pairwise(ends), strict=True):
        omega = np.zeros(len(fit.panel.town))
        omega[cohort.window.controls] = cohort.weights.omega
        start = _renormalised(omega[controls])
        treated = shuffled[begin:end]
        gaps.append(_refit(fit, cohort, treated, cohort.treated_share, controls, start))
    return _one(fit, gaps, [cohort.mass for cohort in fit.cohorts])


def _require_draws(draws: int) -> None:
    if draws < 2:
        raise PanelError(f"draws is {draws}, expected at least 2")


def _spread(values: Sequence[Floats]) -> Floats:
    """Standard deviation over draws, divided by their number, as in R."""
    return np.asarray(np.std(np.stack(values), axis=0))


def _estimates(
    fit: SyntheticDid, std_error: Floats, inference: Sequence[str]
) -> tuple[TownEffect, ...]:
    names, values = cells(fit), point_estimates(fit)
    treated = _treated_in_cell(fit)
    return tuple(
        TownEffect(
            fit.form,
            target,
            cell,
            float(value),
            float(error),
            *normal_interval(float(value), float(error)),
            method,
            towns=len(fit.towns),
            treated_towns=count,
        )
        for target, cell, value, error, method, count in zip(
            names.target, names.cell, values, std_error, inference, treated, strict=True
        )
    )


def _treated_in_cell(fit: SyntheticDid) -> list[int]:
    sizes = [cohort.window.treated.size for cohort in fit.cohorts]
    at = [
        sum(
            size
            for size, cohort in zip(sizes, fit.cohorts, strict=True)
            if -cohort.window.pre_years <= event < cohort.window.post_years
        )
        for event in _events(fit)
    ]
    return [sum(sizes), *sizes, *at]
