from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.towns.estimators.joint import wald_test
from assets.towns.estimators.staggered.etwfe import etwfe
from assets.towns.estimators.staggered.imputation import imputation, impute, pre_trend
from assets.towns.panel.town_panel import NEVER, PanelError, TownPanel, town_panel

seeds = st.integers(0, 10**6)


def by_cell(result: Any) -> dict[tuple[str, str], Any]:
    return {(cell.target, cell.cell): cell for cell in result.estimates}


def test_points_on_mpdta_are_those_of_exact_least_squares(
    mpdta: TownPanel, did_reference: Any
) -> None:
    # Dense least squares carried out in exact arithmetic.
    exact = did_reference.json("mpdta_exact.json")["exact_bjs"]
    found = by_cell(imputation(mpdta))
    assert found["att", ""].estimate == pytest.approx(-0.04770991827845, abs=1e-12)
    assert found["att", ""].estimate == pytest.approx(exact["static"], abs=1e-12)
    for event_time, value in exact["e"].items():
        estimate = found["event_time", f"e={event_time}"].estimate
        assert estimate == pytest.approx(value, abs=1e-12), event_time
    for cell, value in exact["gt"].items():
        cohort, year = cell.split(",")
        estimate = found["group_time", f"g={cohort},t={year}"].estimate
        assert estimate == pytest.approx(value, abs=1e-12), cell


def test_errors_on_mpdta_are_those_of_r_didimputation(mpdta: TownPanel, did_reference: Any) -> None:
    # R didimputation 0.5.0 fits by fixest, which stops at 1e-6: its errors are good to 1e-8.
    found = by_cell(imputation(mpdta)) | by_cell(pre_trend(mpdta))
    for row in did_reference.rows("r_other_mpdta.csv"):
        if row["estimator"].startswith("BJS"):
            elapsed = row["term"]
            if elapsed == "treat":
                cell = found["att", ""]
            else:
                target = "pre_trend" if int(elapsed) < 0 else "event_time"
                cell = found[target, f"e={elapsed}"]
            assert cell.estimate == pytest.approx(float(row["estimate"]), abs=1e-8), elapsed
            assert cell.std_error == pytest.approx(float(row["se"]), abs=1e-8), elapsed


def test_a_town_with_one_untreated_year_is_kept(mpdta: TownPanel) -> None:
    # R didimputation with fixest's default drops the cohort of 2004 and gives -0.0337158528.
    found = by_cell(imputation(mpdta))
    assert found["cohort", "g=2004"].treated_towns == 20
    assert found["att", ""].towns == 500


def dense(panel: TownPanel) -> tuple[float, np.ndarray]:
    """Static effect with dummy columns, and each cell's coefficient in it, by least squares."""
    towns, years = panel.outcome.shape
    town, year = (part.ravel() for part in np.indices((towns, years)))
    Z = np.column_stack([town[:, None] == np.arange(towns), year[:, None] == np.arange(years)])
    treated = panel.treated.ravel()
    weight = panel.weight[town]
    target = np.where(treated, weight, 0) / weight[treated].sum()
    root = np.sqrt(weight[~treated])[:, None]
    fit = np.linalg.pinv(Z[~treated] * root) * root.T
    coefficient = target.copy()
    coefficient[~treated] = -(target @ Z) @ fit
    return float(coefficient @ panel.outcome.ravel()), coefficient.reshape(towns, years)


@pytest.mark.parametrize("seed", range(5))
def test_it_is_least_squares_with_dummies_on_untreated_cells(
    drawn_panel: Callable[..., TownPanel], seed: int
) -> None:
    panel = drawn_panel(seed, effect=1.0)
    estimate, _ = dense(panel)
    assert imputation(panel).estimates[0].estimate == pytest.approx(estimate, abs=1e-12)


@pytest.mark.parametrize("leave_out", [False, True])
def test_errors_follow_the_formula_cell_by_cell(
    drawn_panel: Callable[..., TownPanel], leave_out: bool
) -> None:
    # Equation 8 of the paper, its leave-out form for the second, written as loops.
    panel = drawn_panel(11, effect=1.0)
    _, weight = dense(panel)
    gap = impute(panel).gap
    total = 0.0
    for own in range(len(panel.town)):
        score = 0.0
        cohort = np.flatnonzero(panel.first_treated_year == panel.first_treated_year[own])
        others = cohort[cohort != own] if leave_out else cohort
        for year in range(len(panel.years)):
            residual = gap[own, year]
            if panel.treated[own, year]:
                square = weight[others, year] ** 2
                residual = residual - square @ gap[others, year] / square.sum()
            score += weight[own, year] * residual
        total += score**2
    found = imputation(panel, leave_out).estimates[0].std_error
    assert found == pytest.approx(np.sqrt(total), abs=1e-12)


def test_sellers_and_towns_weighted_by_sellers_give_the_same(
    seller_panel: Callable[[int], tuple[TownPanel, np.ndarray]],
) -> None:
    sellers, town = seller_panel(5)
    names, first, size = np.unique(town, return_index=True, return_counts=True)
    member = town[None, :] == names[:, None]
    towns = replace(
        sellers.take(first),
        town=tuple(names),
        outcome=member @ sellers.outcome / size[:, None],
        weight=size.astype(float),
    )
    for seller, summed in zip(
        imputation(sellers).estimates, imputation(towns).estimates, strict=True
    ):
        assert summed.estimate == pytest.approx(seller.estimate, abs=1e-12), summed.cell


@settings(max_examples=25, deadline=None)
@given(seed=seeds)
def test_extended_twfe_has_the_same_points_and_constants_change_nothing(
    drawn_panel: Callable[..., TownPanel], seed: int
) -> None:
    panel = drawn_panel(seed)
    order = np.random.default_rng(seed).permutation(len(panel.town))
    moved = replace(
        panel,
        outcome=panel.outcome + np.arange(len(panel.town))[:, None] - 5.0 * panel.years,
        weight=panel.weight / 3,
    ).take(order)
    before, after, saturated = imputation(panel), imputation(moved), etwfe(panel)
    for own, other, regression in zip(
        before.estimates, after.estimates, saturated.estimates, strict=True
    ):
        assert (own.target, own.cell) == (regression.target, regression.cell)
        assert other.estimate == pytest.approx(own.estimate, abs=1e-8)
        assert other.std_error == pytest.approx(own.std_error, abs=1e-8)
        assert regression.estimate == pytest.approx(own.estimate, abs=1e-8)
        assert regression.treated_towns == own.treated_towns


@settings(max_examples=10, deadline=None)
@given(seed=seeds, effect=st.floats(-3, 3))
def test_an_effect_that_is_the_same_everywhere_is_found_everywhere(
    drawn_panel: Callable[..., TownPanel], seed: int, effect: float
) -> None:
    for estimate in imputation(drawn_panel(seed, effect=effect, noise=0.0)).estimates:
        assert estimate.estimate == pytest.approx(effect, abs=1e-11)


def test_the_pre_trend_test_is_blind_to_effects_and_sees_a_trend(
    drawn_panel: Callable[..., TownPanel],
) -> None:
    panel = drawn_panel(7, towns=200)
    shifted = replace(panel, outcome=panel.outcome + 9.0 * panel.treated)
    np.testing.assert_allclose(pre_trend(shifted).influence, pre_trend(panel).influence)
    assert wald_test(pre_trend(panel)).p_value > 0.05
    trending = np.where(panel.ever_treated, 0.5, 0.0)[:, None] * (panel.years - 2012)
    drifted = replace(panel, outcome=panel.outcome + trending)
    assert wald_test(pre_trend(drifted)).p_value < 1e-4


def test_a_year_without_untreated_towns_is_named(drawn_panel: Callable[..., TownPanel]) -> None:
    panel = drawn_panel(1)
    with pytest.raises(PanelError, match="no town is untreated in 2017: end the panel before"):
        imputation(panel.take(panel.ever_treated))
    with pytest.raises(PanelError, match="no town has both"):
        imputation(panel.take(~panel.ever_treated))


def test_a_trend_needs_two_years_before_certification(
    drawn_panel: Callable[..., TownPanel],
) -> None:
    panel = drawn_panel(1).between(2014, 2016)
    only = panel.take((panel.first_treated_year == 2015) | ~panel.ever_treated)
    with pytest.raises(PanelError, match="no town is seen two years before certification"):
        pre_trend(only)


def test_leaving_out_needs_two_towns_in_a_cohort() -> None:
    panel = town_panel(
        town="abc",
        years=[2014, 2015, 2016],
        outcome=np.arange(9.0).reshape(3, 3) ** 2,
        first_treated_year=[2016, NEVER, NEVER],
    )
    with pytest.raises(PanelError, match="town a is alone in its cohort"):
        imputation(panel, leave_out=True)


def test_imputation_is_that_of_diff_diff(
    drawn_panel: Callable[..., TownPanel], for_diff_diff: Callable[[TownPanel], Any]
) -> None:
    from diff_diff import ImputationDiD

    panel = drawn_panel(13, towns=60, effect=0.5, weighted=False)
    theirs = ImputationDiD().fit(
        for_diff_diff(panel), outcome="y", unit="unit", time="year", first_treat="first"
    )
    ours = imputation(panel).estimates[0]
    # The library iterates on the way to its fixed effects, and stops within 1e-10.
    assert ours.estimate == pytest.approx(theirs.overall_att, abs=1e-9)
    assert ours.std_error == pytest.approx(theirs.overall_se, abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("leave_out", [False, True])
def test_intervals_cover_the_truth(drawn_panel: Callable[..., TownPanel], leave_out: bool) -> None:
    # 1,000 draws: a coverage of 95 % is seen between 93.4 and 96.4 % (2.3 standard errors).
    covered = [
        one.low <= 0.3 <= one.high
        for seed in range(1000)
        for one in imputation(drawn_panel(seed, 400, effect=0.3), leave_out).estimates[:1]
    ]
    assert 0.934 <= np.mean(covered) <= 0.964
