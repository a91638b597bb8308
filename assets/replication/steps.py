"""The steps of a published study, each as the numbers it gives.

Belongs here: rows of a data file as what an estimator takes, and its results by term and statistic,
with what other ways of computing the same give. Not here: estimators (`assets/regression`,
`assets/towns`), the contract (contract.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from assets.papers.computed_numbers import computed_numbers
from assets.regression.collinear_fit import fit_study
from assets.regression.estimable import NotEstimable
from assets.regression.panels.fixed_effects import two_way_effects
from assets.regression.panels.two_way import two_way_regression
from assets.regression.significance import two_sided_p
from assets.replication.contract import AnyStep, Collinear, Rows, Staggered, TheilStep, TwoWay
from assets.towns.assumptions.goodman_bacon import goodman_bacon
from assets.towns.estimators.staggered.callaway_santanna import (
    by_calendar_year,
    by_cohort,
    by_event_time,
    cells,
    group_time,
    overall,
)
from assets.towns.estimators.staggered.contrasts import beside
from assets.towns.estimators.staggered.etwfe import sun_abraham
from assets.towns.estimators.staggered.imputation import imputation
from assets.towns.estimators.synthetic.synthetic_did import Form, synthetic_did
from assets.towns.estimators.synthetic.synthetic_did_inference import point_estimates
from assets.towns.estimators.town_effect import WithInfluence
from assets.towns.estimators.twfe import event_study, twfe
from assets.towns.panel.town_panel import NEVER, TownPanel, town_panel
from assets.towns.questions.inequality import theil

Floats = NDArray[np.float64]
_INDEPENDENT = "taking the effects by event time for independent"


@dataclass(frozen=True, slots=True)
class Number:
    """A computed number. others: what other ways give, by how."""

    value: float
    others: Mapping[str, float] = field(default_factory=dict)


Numbers = dict[tuple[str, str], Number]  # by term and statistic


def computed(step: AnyStep, data: pd.DataFrame) -> Numbers:
    """All numbers of a step.

    Raises NotEstimable, PanelError or ValueError where the data do not allow the estimator.
    """
    rows = _taken(data, step.keep, step.drop)
    match step:
        case Collinear():
            return _collinear(step, rows)
        case TwoWay():
            return _two_way(step, rows)
        case TheilStep():
            return _theil(step, rows)
        case Staggered():
            return _staggered(step, rows)


def _taken(data: pd.DataFrame, keep: Rows, drop: Rows) -> pd.DataFrame:
    for column, values in keep.items():
        data = data[_column(data, column).isin(values)]
    for column, values in drop.items():
        data = data[~_column(data, column).isin(values)]
    if data.empty:
        raise NotEstimable("keep and drop leave no row of the data file.")
    return data


def _column(data: pd.DataFrame, name: str) -> pd.Series:
    if name not in data.columns:
        raise NotEstimable(
            f"The data file has no column '{name}'; it has {', '.join(map(str, data.columns))}."
        )
    return data[name]


def _matrix(data: pd.DataFrame, names: Sequence[str]) -> Floats:
    return np.column_stack([_column(data, name).to_numpy(dtype=np.float64) for name in names])


def _collinear(step: Collinear, rows: pd.DataFrame) -> Numbers:
    names = [step.dependent, *step.regressors]
    frame = pd.DataFrame(_matrix(rows, names), columns=names)
    scaled = frame
    if step.scaling == "min_max":
        scaled = (frame - frame.min()) / (frame.max() - frame.min())
    year = np.arange(len(frame))  # rows are told apart by their place alone
    fit = fit_study(
        frame.assign(year=year),
        scaled.assign(year=year),
        step.dependent,
        step.regressors,
        step.ridge,
        step.convention,
    )
    numbers: Numbers = {}
    for place, value in computed_numbers(fit):
        term = " with ".join(filter(None, (place.term, place.other_term)))
        statistic = f"ridge {place.statistic}" if place.estimator == "ridge" else place.statistic
        numbers[term, statistic] = Number(value)
        if place.other_term:
            numbers[f"{place.other_term} with {place.term}", statistic] = Number(value)
    return numbers


def _two_way(step: TwoWay, rows: pd.DataFrame) -> Numbers:
    X, y = _matrix(rows, step.regressors), _matrix(rows, [step.outcome])[:, 0]
    unit, year = (
        np.unique(_column(rows, name).to_numpy(), return_inverse=True)[1]
        for name in (step.unit, step.year)
    )
    cluster = None if step.cluster is None else _column(rows, step.cluster).to_numpy()
    found = two_way_regression(y, X, unit, year, cluster=cluster)
    small = found.small_sample
    n, G, all_counted = small.observations, small.clusters, small.parameters + int(unit.max())
    within = two_way_effects(unit, year, np.ones(n)).residual(X)
    left = max(n - all_counted, 1)
    classical = np.sqrt(np.diag(np.linalg.inv(within.T @ within)) * found.unexplained / left)
    numbers: Numbers = {
        ("", "observations"): Number(n),
        ("", "clusters"): Number(G),
        ("", "within_R2"): Number(1 - found.unexplained / found.left_by_effects),
    }
    for place, term in enumerate(step.regressors):
        own = float(found.std_error[place])
        bare = own / float(np.sqrt(small.factor))
        errors = {
            "errors without a factor for few clusters": bare,
            "errors that count unit effects": bare * float(np.sqrt(G / (G - 1) * (n - 1) / left)),
            "errors that are not clustered": float(classical[place]),
        }
        _add(numbers, term, float(found.coefficient[place]), own, errors, G - 1)
    return numbers


def _add(
    numbers: Numbers,
    term: str,
    estimate: float,
    std_error: float,
    errors: Mapping[str, float],
    df: int | None = None,
) -> None:
    """An estimate, its error and its test. errors: the error in other ways; df: None is normal."""
    numbers[term, "coefficient"] = Number(estimate)
    if not np.isfinite(std_error):
        return
    numbers[term, "std_error"] = Number(std_error, errors)

    def tested(error: float, by_t: bool) -> tuple[float, float]:
        t = estimate / error
        if by_t and df is not None:
            return t, float(two_sided_p(np.array([t]), df)[0])
        return t, float(2 * ndtr(-abs(t)))

    t, p = tested(std_error, by_t=True)
    ways = {how: tested(error, by_t=True) for how, error in errors.items() if error > 0}
    numbers[term, "t"] = Number(t, {how: way[0] for how, way in ways.items()})
    normal = {} if df is None else {"the normal distribution": tested(std_error, by_t=False)[1]}
    numbers[term, "p"] = Number(p, {**normal, **{how: way[1] for how, way in ways.items()}})


def _theil(step: TheilStep, rows: pd.DataFrame) -> Numbers:
    persons = _matrix(rows, [part.persons for part in step.parts])
    totals = persons * _matrix(rows, [part.mean for part in step.parts])
    unit = np.repeat(_column(rows, step.unit).to_numpy(), len(step.parts))
    found = theil(totals.ravel(), unit, persons.ravel())
    return {
        ("", "total"): Number(found.total),
        ("", "between"): Number(found.between),
        ("", "within"): Number(found.within),
    }


def _staggered(step: Staggered, rows: pd.DataFrame) -> Numbers:
    panel = _panel(step, rows)
    match step.estimator:
        case "callaway_santanna":
            effects = group_time(panel, step.controls)
            parts = (overall, by_event_time, by_cohort, by_calendar_year, cells)
            return _effects(beside(*(part(effects) for part in parts)), step)
        case "sun_abraham":
            return _effects(sun_abraham(panel), step)
        case "two_way_event_study":
            return _effects(event_study(panel), step)
        case "two_way_post":
            return _effects(twfe(panel), step)
        case "imputation":
            return _effects(imputation(panel), step)
        case "goodman_bacon":
            return _bacon(panel)
        case "synthetic_did" | "synthetic_control" | "difference_in_differences":
            return _synthetic(panel, step, step.estimator)


def _panel(step: Staggered, rows: pd.DataFrame) -> TownPanel:
    """Units by years. Raises NotEstimable where a unit lacks a year or changes its first year."""
    unit, year, outcome = (_column(rows, name) for name in (step.unit, step.year, step.outcome))
    if step.treated is not None:
        on = _column(rows, step.treated) > 0
        every = year.where(on).groupby(unit).transform("min")
        changing = int((on != (year >= every)).groupby(unit).any().sum())
    else:
        assert step.first_treated is not None  # one of both, as the contract wants
        every = _column(rows, step.first_treated).replace(0, np.nan)
        changing = int((every.fillna(0).groupby(unit).nunique() > 1).sum())
    twice = int(pd.DataFrame({"unit": unit, "year": year}).duplicated().sum())
    lacking = unit.nunique() * year.nunique() - (len(rows) - twice)
    if changing or twice or lacking:
        raise NotEstimable(
            f"Of {step.unit} by {step.year}, {lacking} pairs have no row and {twice} rows are "
            f"second ones; {changing} units change when they are first treated, or are treated no "
            "more. Expected one row each, and one first year a unit."
        )
    wide = pd.DataFrame({"unit": unit, "year": year, "outcome": outcome}).pivot(
        index="unit", columns="year", values="outcome"
    )
    first = every.groupby(unit).first().reindex(wide.index).to_numpy(dtype=np.float64)
    return town_panel(
        town=[str(each) for each in wide.index],
        years=[int(each) for each in wide.columns],
        outcome=wide.to_numpy(dtype=np.float64),
        first_treated_year=np.where(np.isnan(first), NEVER, first).tolist(),
    )


def _effects(found: WithInfluence, step: Staggered) -> Numbers:
    """Each estimate by its target and cell, and the averages that the step names."""
    numbers: Numbers = {}
    at = {}
    for place, each in enumerate(found.estimates):
        if each.target == "event_time" and each.cell:
            at[int(each.cell.removeprefix("e="))] = place
    after = [place for event, place in at.items() if event >= 0]
    alone = float(np.sqrt(sum(found.estimates[place].std_error ** 2 for place in after)))
    for each in found.estimates:
        term = f"{each.target} {each.cell}".strip()
        errors = {_INDEPENDENT: alone / len(after)} if term == "event_time" and after else {}
        _add(numbers, term, each.estimate, each.std_error, errors)
    for name, (first, last) in step.averages.items():
        lacking = [event for event in range(first, last + 1) if event not in at]
        if lacking:
            raise NotEstimable(f"averages.{name}: there is no effect by event time {lacking[0]}.")
        places = [at[event] for event in range(first, last + 1)]
        mean = float(np.mean([found.estimates[place].estimate for place in places]))
        influence = found.influence[:, places].mean(axis=1)
        error = float(np.sqrt((influence**2).sum())) / len(found.town)
        squares = sum(found.estimates[place].std_error ** 2 for place in places)
        _add(numbers, name, mean, error, {_INDEPENDENT: float(np.sqrt(squares)) / len(places)})
    return numbers


def _bacon(panel: TownPanel) -> Numbers:
    """Weight and weighted mean of each kind of comparison, how many there are, and their sum."""
    comparisons = goodman_bacon(panel)
    numbers: Numbers = {("", "comparisons"): Number(len(comparisons))}
    for kind in sorted({each.kind for each in comparisons}):
        own = [each for each in comparisons if each.kind == kind]
        weight = sum(each.weight for each in own)
        mean = sum(each.weight * each.estimate for each in own) / weight
        numbers[kind, "weight"], numbers[kind, "coefficient"] = Number(weight), Number(mean)
    return numbers


def _synthetic(panel: TownPanel, step: Staggered, form: Form) -> Numbers:
    fit = synthetic_did(panel, control_pool=step.controls, form=form)
    numbers: Numbers = {("att", "coefficient"): Number(float(point_estimates(fit)[0]))}
    for cohort in fit.cohorts:
        for unit, weight in zip(cohort.window.controls, cohort.weights.omega, strict=True):
            numbers[panel.town[unit], "weight"] = Number(float(weight))
        for year, weight in zip(panel.years, cohort.weights.lam, strict=False):
            numbers[str(year), "weight"] = Number(float(weight))
    return numbers
