import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import minimize

from assets.towns.estimators.synthetic.simplex_weights import simplex_weights
from assets.towns.estimators.synthetic.synthetic_did import Form, synthetic_did
from assets.towns.estimators.synthetic.synthetic_did_inference import (
    bootstrap,
    cells,
    jackknife,
    placebo,
    point_estimates,
)
from assets.towns.estimators.town_effect import TownEffect
from assets.towns.panel.town_panel import NEVER, PanelError, TownPanel, town_panel

REFERENCE = Path(__file__).parents[2] / "reference" / "towns"
SHARED = Path(__file__).parents[4] / "shared" / "data" / "did"
FORMS: tuple[Form, ...] = ("synthetic_did", "synthetic_control", "difference_in_differences")


def from_long(rows: list[tuple[str, int, float, int]]) -> TownPanel:
    towns, years = sorted({row[0] for row in rows}), sorted({row[1] for row in rows})
    outcome = np.empty((len(towns), len(years)))
    first = [NEVER] * len(towns)
    for town, year, value, treated in rows:
        place = towns.index(town)
        outcome[place, years.index(year)] = value
        if treated:
            first[place] = min(first[place], year)
    return town_panel(towns, years, outcome, first)


@pytest.fixture(scope="module")
def staggered() -> TownPanel:
    with (REFERENCE / "staggered_panel.csv").open() as file:
        return from_long(
            [
                (row["town"], int(row["year"]), float(row["outcome"]), int(row["treated"]))
                for row in csv.DictReader(file)
            ]
        )


@pytest.fixture(scope="module")
def published() -> dict[str, dict]:
    return json.loads((REFERENCE / "staggered_synthdid_py.json").read_text())


@pytest.fixture(scope="module")
def proposition_99() -> TownPanel:
    file = SHARED / "california_prop99.csv"
    if not file.exists():
        pytest.skip("the cigarette sales of Proposition 99 are not at hand")
    with file.open() as lines:
        return from_long(
            [
                (row["State"], int(row["Year"]), float(row["PacksPerCapita"]), int(row["treated"]))
                for row in csv.DictReader(lines)
            ]
        )


def simulated(
    seed: int, towns: int = 120, years: int = 8, confounded: float = 0.0, effect: float = 0.28
) -> TownPanel:
    """Interactive fixed effects; certification picks towns with a high loading if confounded."""
    generator = np.random.default_rng(seed)
    loading = generator.normal(size=towns)
    factor = 0.1 * np.arange(years) * (confounded > 0)
    noise = generator.normal(scale=0.15, size=(towns, years))
    score = confounded * loading + generator.normal(size=towns)
    first = np.full(towns, NEVER)
    treated = np.argsort(-score)[: towns // 3]
    first[treated] = 2010 + generator.integers(years // 2, years - 1, size=len(treated))
    calendar = np.arange(2010, 2010 + years)
    base = generator.normal(size=(towns, 1)) + loading[:, None] * factor + noise
    outcome = base + effect * (calendar >= first[:, None])
    return town_panel([f"t{place}" for place in range(towns)], calendar.tolist(), outcome, first)


def two_way_effect(panel: TownPanel) -> float:
    """Two-way fixed effects coefficient of treatment, balanced panel."""
    d = panel.treated.astype(float)
    d = d - d.mean(axis=1, keepdims=True) - d.mean(axis=0) + d.mean()
    return float(np.sum(d * panel.outcome) / np.sum(d * d))


def overall(estimates: tuple[TownEffect, ...]) -> TownEffect:
    assert (estimates[0].target, estimates[0].cell) == ("att", "")
    return estimates[0]


# -- numbers that others produced


def test_proposition_99_equals_r(proposition_99: TownPanel) -> None:
    # R synthdid 0.0.9 to 1e-9: the same steps in another order of additions.
    reference = json.loads((SHARED / "sdid_prop99_reference_R.json").read_text())
    for form, name in zip(FORMS, ("sdid", "sc", "did"), strict=True):
        fit = synthetic_did(proposition_99, form=form)
        assert fit.cohorts[0].estimate == pytest.approx(reference[name], abs=1e-9)
    cohort = synthetic_did(proposition_99).cohorts[0]
    assert cohort.estimate == pytest.approx(-15.6038278727338, abs=1e-9)
    assert cohort.tuning.zeta_omega == pytest.approx(reference["zeta_omega"], rel=1e-12)
    assert cohort.tuning.zeta_lambda == pytest.approx(reference["zeta_lambda"], rel=1e-12)
    years = proposition_99.years[:19].tolist()
    lam = {str(year): weight for year, weight in zip(years, cohort.weights.lam, strict=True)}
    nonzero = {year: weight for year, weight in lam.items() if weight > 0}
    assert nonzero == pytest.approx(reference["lambda_nonzero"], abs=1e-9)
    fit = synthetic_did(proposition_99)
    (cohort,) = fit.cohorts
    omega = cohort.weights.omega
    heaviest = np.argsort(-omega, kind="stable")[:10]
    towns = [fit.panel.town[place] for place in cohort.window.controls[heaviest]]
    assert dict(zip(towns, omega[heaviest].tolist(), strict=True)) == pytest.approx(
        reference["omega_top"], abs=1e-9
    )


def test_proposition_99_placebo_lies_where_others_found_it(proposition_99: TownPanel) -> None:
    # R 8.4, Stata 9.3, diff-diff 10.9: it depends on the draw.
    found = placebo(synthetic_did(proposition_99), np.random.default_rng(5), draws=60)
    assert 6.5 < overall(found).std_error < 12.5


@pytest.mark.parametrize("form", FORMS)
def test_staggered_equals_synthdid_py(
    staggered: TownPanel, published: dict[str, dict], form: Form
) -> None:
    # synthdid-py 0.1.0; 1e-9 because both take the same steps.
    fit = synthetic_did(staggered, form=form)
    expected = published[form]
    found = {str(c.window.first_treated_year): c.estimate for c in fit.cohorts}
    assert found == pytest.approx(expected["cohort"], abs=1e-9)
    effect = overall(jackknife(fit).estimates)
    assert effect.estimate == pytest.approx(expected["att"], abs=1e-9)
    assert effect.std_error == pytest.approx(expected["jackknife_se"], abs=1e-9)


@pytest.mark.parametrize(("cohort", "horizon_years"), [(2013, 2), (2015, 1), (2016, 99)])
def test_not_yet_treated_towns_as_controls_equal_synthdid_py(
    staggered: TownPanel, published: dict[str, dict], cohort: int, horizon_years: int
) -> None:
    # Its windows end when the next cohort starts.
    fit = synthetic_did(staggered, control_pool="not_yet", horizon_years=horizon_years)
    found = {c.window.first_treated_year: c.estimate for c in fit.cohorts}
    expected = published["next_cohort"]["cohort"][str(cohort)]
    assert found[cohort] == pytest.approx(expected, abs=1e-9)


def test_a_cohort_alone_equals_diff_diff(staggered: TownPanel) -> None:
    # diff-diff 3.13.0, another implementation of the same steps.
    import pandas as pd
    from diff_diff import SyntheticDiD

    cohort = 2015
    block = staggered.take(np.isin(staggered.first_treated_year, [cohort, NEVER]))
    frame = pd.DataFrame(
        {
            "town": np.repeat(block.town, len(block.years)),
            "year": np.tile(block.years, len(block.town)),
            "outcome": block.outcome.ravel(),
            "treated": np.repeat(block.ever_treated.astype(int), len(block.years)),
        }
    )
    theirs = SyntheticDiD(variance_method="jackknife").fit(
        frame, "outcome", "treated", "town", "year", post_periods=list(range(cohort, 2019))
    )
    effect = overall(jackknife(synthetic_did(block)).estimates)
    assert effect.estimate == pytest.approx(theirs.att, abs=1e-9)
    assert effect.std_error == pytest.approx(theirs.se, abs=1e-9)


def test_weights_come_close_to_the_minimum_that_scipy_finds(staggered: TownPanel) -> None:
    # A slow solver of the same problem; 10,000 steps of Frank-Wolfe need
    # not reach it: the gap falls like one over the steps, hence 1e-4.
    cohort = synthetic_did(staggered).cohorts[2]
    before = slice(0, cohort.window.pre_years)
    donors = staggered.outcome[cohort.window.controls, before].T
    target = staggered.outcome[cohort.window.treated, before].mean(axis=0)
    donors, target = donors - donors.mean(axis=0), target - target.mean()
    penalty = len(target) * cohort.tuning.zeta_omega**2

    def loss(x: NDArray[np.float64]) -> float:
        return float(np.sum((donors @ x - target) ** 2) + penalty * np.sum(x**2))

    count = donors.shape[1]
    best = minimize(
        loss,
        np.full(count, 1 / count),
        jac=lambda x: 2 * donors.T @ (donors @ x - target) + 2 * penalty * x,
        bounds=[(0, 1)] * count,
        constraints={"type": "eq", "fun": lambda x: x.sum() - 1},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 1000},
    )
    assert best.success
    assert loss(cohort.weights.omega) == pytest.approx(best.fun, rel=1e-4)
    assert loss(cohort.weights.omega) >= best.fun * (1 - 1e-9)


# -- what must hold for any input


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 7), st.integers(1, 9))
def test_weights_are_shares(seed: int, rows: int, columns: int) -> None:
    generator = np.random.default_rng(seed)
    donors, target = generator.normal(size=(rows, columns)), generator.normal(size=rows)
    weights = simplex_weights(donors, target, zeta=0.1, min_decrease=1e-5)
    assert weights.sum() == pytest.approx(1, abs=1e-12)
    assert weights.min() >= 0


def test_a_donor_that_is_the_target_takes_all_the_weight() -> None:
    donors = np.random.default_rng(1).normal(size=(8, 5))
    weights = simplex_weights(donors, donors[:, 3] + 7, zeta=0, min_decrease=1e-9)
    assert weights == pytest.approx([0, 0, 0, 1, 0], abs=1e-12)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_town_effects_do_not_matter(seed: int) -> None:
    panel = simulated(seed, towns=30, years=4)
    shift = np.random.default_rng(seed).normal(size=(30, 1))
    shifted = replace(panel, outcome=panel.outcome + shift)
    # 1e-6: rounding may end the steps one earlier or later.
    expected = pytest.approx(point_estimates(synthetic_did(panel)), abs=1e-6)
    assert point_estimates(synthetic_did(shifted)) == expected


def test_a_weight_of_two_is_a_town_counted_twice() -> None:
    # Without penalties (plain difference-in-differences) the two are the same thing.
    panel = simulated(3, towns=30, years=6)
    twice = np.append(np.arange(30), np.flatnonzero(panel.ever_treated)[0])
    doubled = town_panel(
        [f"t{place}" for place in range(31)],
        panel.years.tolist(),
        panel.outcome[twice],
        panel.first_treated_year[twice].tolist(),
    )
    weight = np.ones(30)
    weight[twice[-1]] = 2
    weighted = town_panel(
        panel.town,
        panel.years.tolist(),
        panel.outcome,
        panel.first_treated_year.tolist(),
        weight.tolist(),
    )
    fits = [synthetic_did(p, form="difference_in_differences") for p in (doubled, weighted)]
    assert point_estimates(fits[1]) == pytest.approx(point_estimates(fits[0]), abs=1e-12)


def test_jackknife_leaves_each_town_out_by_brute_force() -> None:
    panel = simulated(11, towns=40, years=6)
    weight = np.random.default_rng(2).uniform(1, 5, size=40)
    panel = town_panel(
        panel.town,
        panel.years.tolist(),
        panel.outcome,
        panel.first_treated_year.tolist(),
        weight.tolist(),
    )
    fit = synthetic_did(panel)
    replicates = []
    for out in range(40):
        total = mass = 0.0
        for c in fit.cohorts:
            treated = c.window.treated[c.window.treated != out]
            kept = c.window.controls != out
            omega = c.weights.omega[kept] / c.weights.omega[kept].sum()
            path = np.average(panel.outcome[treated], axis=0, weights=weight[treated])
            path = path - omega @ panel.outcome[c.window.controls[kept]]
            pre = c.window.pre_years
            here = weight[treated].sum() * c.window.post_years
            total += here * (path[pre:].mean() - c.weights.lam @ path[:pre])
            mass += here
        replicates.append(total / mass)
    expected = np.sqrt(39 / 40 * np.sum((replicates - np.mean(replicates)) ** 2))
    result = jackknife(fit)
    assert overall(result.estimates).std_error == pytest.approx(expected, rel=1e-10)
    assert np.sqrt(np.sum(result.influence[:, 0] ** 2)) / 40 == pytest.approx(expected, rel=1e-10)


def test_event_times_and_cohorts_average_to_the_overall_effect(staggered: TownPanel) -> None:
    fit = synthetic_did(staggered)
    values, names = point_estimates(fit), cells(fit)
    towns = [cohort.window.treated.size for cohort in fit.cohorts]
    town_years = [cohort.window.treated.size * cohort.window.post_years for cohort in fit.cohorts]
    assert values[0] == pytest.approx(np.average(values[1:4], weights=town_years), abs=1e-12)
    at = dict(zip(names.cell, values, strict=True))
    since = [sum(n for n, w in zip(towns, town_years, strict=True) if w // n > e) for e in range(6)]
    average = np.average([at[f"e={e}"] for e in range(6)], weights=since)
    assert values[0] == pytest.approx(average, abs=1e-12)


# -- where it cannot be done


def test_one_year_before_treatment_is_plain_difference_in_differences() -> None:
    panel = simulated(5, towns=30, years=6)
    first = np.where(panel.ever_treated, 2011, NEVER)
    panel = town_panel(panel.town, panel.years.tolist(), panel.outcome, first.tolist())
    fit = synthetic_did(panel)
    plain = synthetic_did(panel, form="difference_in_differences")
    assert point_estimates(fit) == pytest.approx(point_estimates(plain), abs=1e-12)
    assert "cohort 2011 has one year before treatment" in fit.notes[0]
    assert np.isfinite(overall(jackknife(fit).estimates).std_error)


def test_no_controls_is_said() -> None:
    panel = simulated(5, towns=30, years=6)
    panel = panel.take(panel.ever_treated)
    with pytest.raises(PanelError, match=r"cohort 2013 has no controls: control pool 'never'"):
        synthetic_did(panel)
    fit = synthetic_did(panel, control_pool="last")
    assert {c.window.first_treated_year for c in fit.cohorts} == {2013}
    assert fit.cohorts[0].window.post_years == 1


def test_no_cohort_is_said() -> None:
    panel = simulated(5, towns=30, years=6)
    with pytest.raises(PanelError, match="'not_yet' without horizon_years has the towns of 'nev"):
        synthetic_did(panel, control_pool="not_yet")
    with pytest.raises(PanelError, match="no cohort to estimate"):
        synthetic_did(panel.take(~panel.ever_treated))


def test_towns_treated_from_the_first_year_take_no_part(staggered: TownPanel) -> None:
    first = staggered.first_treated_year.copy()
    first[np.flatnonzero(first == 2013)[0]] = 2009
    panel = town_panel(staggered.town, staggered.years.tolist(), staggered.outcome, first.tolist())
    fit = synthetic_did(panel)
    assert len(fit.towns) == 59
    assert fit.notes[-1] == "towns neither in a cohort nor in its control pool: 1"


def test_jackknife_of_one_treated_town_says_undefined(staggered: TownPanel) -> None:
    lone = np.flatnonzero(staggered.first_treated_year == 2015)[1:]
    keep = np.setdiff1d(np.arange(60), lone)
    fit = synthetic_did(staggered.take(keep))
    by_cell = {e.cell: e for e in jackknife(fit).estimates}
    for cell in ("", "g=2015", "e=0"):
        assert np.isnan(by_cell[cell].std_error)
        assert by_cell[cell].inference == "jackknife undefined: cohort 2015 has one treated town"
    assert by_cell["g=2013"].inference == "jackknife"
    assert by_cell["g=2013"].std_error > 0


def test_jackknife_of_one_control_says_undefined() -> None:
    panel = simulated(5, towns=30, years=6)
    controls = np.flatnonzero(~panel.ever_treated)[:1]
    panel = panel.take(np.append(np.flatnonzero(panel.ever_treated), controls))
    effect = overall(jackknife(synthetic_did(panel)).estimates)
    assert np.isnan(effect.std_error)
    assert "one control has all the weight" in effect.inference


def test_placebo_with_few_never_treated_towns_is_refused(staggered: TownPanel) -> None:
    never = np.flatnonzero(staggered.first_treated_year == NEVER)
    fit = synthetic_did(staggered.take(np.setdiff1d(np.arange(60), never[20:])))
    with pytest.raises(PanelError, match="20 never treated, 24 treated"):
        placebo(fit, np.random.default_rng(1), draws=5)


def test_bootstrap_that_keeps_losing_a_cohort_is_refused() -> None:
    panel = simulated(2, towns=30, years=12)
    first = np.full(30, NEVER)
    first[:10] = np.arange(2012, 2022)
    panel = town_panel(panel.town, panel.years.tolist(), panel.outcome, first.tolist())
    fit = synthetic_did(panel, form="difference_in_differences")
    with pytest.raises(PanelError, match=r"samples had every cohort"):
        bootstrap(fit, np.random.default_rng(1), draws=50)


# -- simulations with a known truth


def test_three_ways_to_a_standard_error_agree() -> None:
    # Homogeneous noise and random timing, where all three are valid; 60 draws give +-20 %.
    fit = synthetic_did(simulated(8, towns=90, years=4))
    by_jackknife = overall(jackknife(fit).estimates).std_error
    generator = np.random.default_rng(4)
    by_bootstrap = overall(bootstrap(fit, generator, draws=60)).std_error
    by_placebo = overall(placebo(fit, generator, draws=60)).std_error
    assert by_bootstrap == pytest.approx(by_jackknife, rel=0.35)
    assert by_placebo == pytest.approx(by_jackknife, rel=0.35)
    again = bootstrap(fit, np.random.default_rng(4), draws=60)
    assert overall(again).std_error == by_bootstrap


def test_truth_found_where_two_way_fixed_effects_are_biased() -> None:
    # Certified towns load more on a rising factor. The penalty leaves a part of the bias,
    # less with more years before; here it must be less than a quarter of the naive one.
    found, naive = [], []
    for seed in range(8):
        panel = simulated(seed, towns=120, years=14, confounded=0.3)
        found.append(point_estimates(synthetic_did(panel))[0])
        naive.append(two_way_effect(panel))
    assert np.mean(naive) - 0.28 > 0.15
    assert abs(np.mean(found) - 0.28) < 0.25 * (np.mean(naive) - 0.28)


def covered(draws: int, towns: int, years: int) -> float:
    hits = 0
    for seed in range(draws):
        effect = overall(jackknife(synthetic_did(simulated(100 + seed, towns, years))).estimates)
        hits += effect.low <= 0.28 <= effect.high
    return hits / draws


def test_jackknife_interval_covers_the_truth() -> None:
    # 40 draws: fewer than 35 hits at 95 % coverage happen once in 30 runs; the seed is fixed.
    assert covered(40, towns=60, years=4) >= 35 / 40


@pytest.mark.slow
def test_jackknife_interval_covers_the_truth_95_times_in_100() -> None:
    # 500 draws: two standard errors of the coverage are 0.02.
    assert 0.93 <= covered(500, towns=240, years=8) <= 0.97
