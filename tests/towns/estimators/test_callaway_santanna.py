from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.towns.estimators.staggered.callaway_santanna import (
    ControlPool,
    by_calendar_year,
    by_cohort,
    by_event_time,
    cells,
    group_time,
    overall,
    pre_test,
)
from assets.towns.estimators.staggered.covariate_adjustment import METHODS, Adjustment, Method
from assets.towns.estimators.town_effect import WithInfluence
from assets.towns.panel.town_panel import NEVER, PanelError, TownPanel, town_panel
from benchmarks.town_year_sums import from_town_year_sums

# R did 2.3.0 prints its results to 15 digits; the two agree to some 1e-15.
R_TOLERANCE = 1e-12
# R ends the fit of the score where its deviance changes by less than 1e-8 of itself; that leaves a
# difference of up to 4e-11.
R_GLM_TOLERANCE = 1e-9
OF_DID = {"regression": "reg", "weighting": "ipw", "doubly_robust": "dr"}
POOLS = {"never": "nevertreated", "not_yet": "notyettreated"}
AGGREGATES = {
    "simple": (overall, ""),
    "dynamic": (by_event_time, "e"),
    "group": (by_cohort, "g"),
    "calendar": (by_calendar_year, "t"),
}
seeds = st.integers(0, 10**6)


def by_cell(result: WithInfluence) -> dict[str, tuple[float, float]]:
    return {cell.cell: (cell.estimate, cell.std_error) for cell in result.estimates}


def as_number(text: str) -> float:
    return float("nan") if text == "NA" else float(text)


@pytest.mark.parametrize("base", ["varying", "universal"])
@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("method", ["dr", "ipw", "reg"])
def test_every_cell_without_covariates_is_that_of_r_did(
    mpdta: TownPanel, did_reference: Any, pool: ControlPool, base: Any, method: str
) -> None:
    expected = {
        f"g={row['g']},t={row['t']}": (float(row["att"]), as_number(row["se"]))
        for row in did_reference.rows("r_did_mpdta_attgt.csv")
        if (row["control"], row["xf"], row["method"], row["base"])
        == (POOLS[pool], "none", method, base)
    }
    found = by_cell(cells(group_time(mpdta, pool, base)))
    assert found.keys() == expected.keys()
    for cell, values in expected.items():
        assert found[cell] == pytest.approx(values, abs=R_TOLERANCE, nan_ok=True), cell


@pytest.mark.parametrize("base", ["varying", "universal"])
@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("method", METHODS)
def test_every_cell_with_covariates_is_that_of_r_did(
    mpdta: TownPanel,
    population: Any,
    did_reference: Any,
    pool: ControlPool,
    base: Any,
    method: Method,
) -> None:
    expected = {
        f"g={row['g']},t={row['t']}": (float(row["att"]), as_number(row["se"]))
        for row in did_reference.rows("r_did_mpdta_attgt.csv")
        if (row["control"], row["xf"], row["method"], row["base"])
        == (POOLS[pool], "lpop", OF_DID[method], base)
    }
    found = by_cell(cells(group_time(mpdta, pool, base, Adjustment(population, method))))
    assert found.keys() == expected.keys()
    assert expected
    for cell, values in expected.items():
        assert found[cell] == pytest.approx(values, abs=R_GLM_TOLERANCE, nan_ok=True), cell


@pytest.mark.parametrize("base", ["varying", "universal"])
@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("kind", AGGREGATES)
def test_every_aggregate_is_that_of_r_did(
    mpdta: TownPanel, did_reference: Any, pool: ControlPool, base: Any, kind: str
) -> None:
    aggregate, letter = AGGREGATES[kind]
    expected = {
        "" if row["e"] == "overall" else f"{letter}={row['e']}": (
            float(row["att"]),
            as_number(row["se"]),
        )
        for row in did_reference.rows("r_did_mpdta_aggte.csv")
        if (row["control"], row["xf"], row["method"], row["base"], row["type"])
        == (POOLS[pool], "none", "dr", base, kind)
    }
    found = by_cell(aggregate(group_time(mpdta, pool, base)))
    assert found.keys() == expected.keys()
    for cell, values in expected.items():
        assert found[cell] == pytest.approx(values, abs=R_TOLERANCE, nan_ok=True), cell


def test_the_pre_test_is_that_of_r_did(mpdta: TownPanel) -> None:
    # R did 2.3.0 on mpdta: W printed as 7.7912366272, p-value 0.16812.
    test = pre_test(group_time(mpdta, "never"))
    assert test.statistic == pytest.approx(7.7912366272, abs=1e-9)
    assert test.p_value == pytest.approx(0.16812, abs=5e-6)
    assert test.degrees_of_freedom == 5


# Six towns, three years; towns of 2, 1, 1, 3, 1, 2 sellers.
SMALL = town_panel(
    town="abcdef",
    years=[2014, 2015, 2016],
    outcome=np.array([[1, 4, 9], [2, 2, 7], [0, 3, 1], [5, 6, 8], [1, 1, 3], [4, 6, 5]], float),
    first_treated_year=[2015, 2015, 2016, NEVER, 2016, NEVER],
    weight=[2, 1, 1, 3, 1, 2],
)


def mean_change(towns: str, since: int, until: int) -> Fraction:
    """Weighted mean change, in exact arithmetic."""
    rows = [SMALL.town.index(town) for town in towns]
    total = sum(
        Fraction(SMALL.weight[row])
        * Fraction(SMALL.outcome[row, until - 2014] - SMALL.outcome[row, since - 2014])
        for row in rows
    )
    return total / sum(Fraction(SMALL.weight[row]) for row in rows)


def test_cells_are_exact_differences_of_weighted_means() -> None:
    never = by_cell(cells(group_time(SMALL, "never")))
    not_yet = by_cell(cells(group_time(SMALL, "not_yet")))
    for cell, found, treated, control, since, until in [
        ("g=2015,t=2015", never, "ab", "df", 2014, 2015),
        ("g=2015,t=2015", not_yet, "ab", "cdef", 2014, 2015),
        ("g=2015,t=2016", not_yet, "ab", "df", 2014, 2016),
        ("g=2016,t=2015", never, "ce", "df", 2014, 2015),
        ("g=2016,t=2015", not_yet, "ce", "df", 2014, 2015),  # ab are treated in 2015
        ("g=2016,t=2016", never, "ce", "df", 2015, 2016),
    ]:
        exact = mean_change(treated, since, until) - mean_change(control, since, until)
        assert found[cell][0] == pytest.approx(float(exact), abs=1e-14), cell


def test_averages_take_cohorts_by_their_sellers() -> None:
    result = group_time(SMALL, "never")
    cell = {
        (2015, 2015): mean_change("ab", 2014, 2015) - mean_change("df", 2014, 2015),
        (2015, 2016): mean_change("ab", 2014, 2016) - mean_change("df", 2014, 2016),
        (2016, 2016): mean_change("ce", 2015, 2016) - mean_change("df", 2015, 2016),
    }
    simple = (3 * cell[2015, 2015] + 3 * cell[2015, 2016] + 2 * cell[2016, 2016]) / 8
    at_once = (3 * cell[2015, 2015] + 2 * cell[2016, 2016]) / 5
    assert by_cell(overall(result))[""][0] == pytest.approx(float(simple), abs=1e-14)
    dynamic = by_cell(by_event_time(result))
    assert dynamic["e=0"][0] == pytest.approx(float(at_once), abs=1e-14)
    assert dynamic[""][0] == pytest.approx(float((at_once + cell[2015, 2016]) / 2), abs=1e-14)


def sums(sellers: TownPanel, town: np.ndarray) -> TownPanel:
    """The towns' panel from sums over sellers, as SQL would give them."""
    import pandas as pd

    rows = pd.DataFrame(
        {
            "town": np.repeat(town, len(sellers.years)),
            "year": np.tile(sellers.years, len(town)),
            "y": sellers.outcome.ravel(),
            "square": sellers.outcome.ravel() ** 2,
            "cohort": np.repeat(sellers.first_treated_year, len(sellers.years)),
        }
    )
    grouped = rows.groupby(["town", "year"], as_index=False).agg(
        n=("y", "size"),
        sum=("y", "sum"),
        sum_of_squares=("square", "sum"),
        cohort=("cohort", "min"),
    )
    return from_town_year_sums(grouped.sample(frac=1, random_state=1))


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("aggregate", [cells, *(one for one, _ in AGGREGATES.values())])
def test_sums_give_what_the_sellers_give_with_errors_clustered_by_town(
    seller_panel: Callable[[int], tuple[TownPanel, np.ndarray]],
    pool: ControlPool,
    aggregate: Callable[..., WithInfluence],
) -> None:
    sellers, town = seller_panel(3)
    from_sellers = aggregate(group_time(sellers, pool))
    from_sums = aggregate(group_time(sums(sellers, town), pool))
    names = np.unique(town)
    clustered = np.stack([from_sellers.influence[town == name].sum(axis=0) for name in names])
    errors = np.sqrt((clustered**2).sum(axis=0)) / len(town)
    for seller, summed, error in zip(
        from_sellers.estimates, from_sums.estimates, errors, strict=True
    ):
        assert summed.estimate == pytest.approx(seller.estimate, abs=1e-12)
        assert summed.std_error == pytest.approx(error, abs=1e-12)


def test_sums_give_what_diff_diff_gives_from_the_sellers(
    seller_panel: Callable[[int], tuple[TownPanel, np.ndarray]],
    for_diff_diff: Callable[[TownPanel], Any],
) -> None:
    from diff_diff import CallawaySantAnna

    sellers, town = seller_panel(4)
    frame = for_diff_diff(sellers).assign(town=np.repeat(town, len(sellers.years)))
    theirs = CallawaySantAnna(control_group="not_yet_treated", cluster="town").fit(
        frame, outcome="y", unit="unit", time="year", first_treat="first"
    )
    ours = overall(group_time(sums(sellers, town), "not_yet")).estimates[0]
    assert ours.estimate == pytest.approx(theirs.overall_att, abs=1e-12)
    # diff-diff multiplies the clustered variance by G/(G - 1), R did does not.
    towns = ours.towns
    assert ours.std_error * np.sqrt(towns / (towns - 1)) == pytest.approx(
        theirs.overall_se, rel=1e-9
    )


@settings(max_examples=25, deadline=None)
@given(seed=seeds, pool=st.sampled_from(sorted(POOLS)))
def test_constants_order_and_scale_change_nothing(
    drawn_panel: Callable[..., TownPanel], seed: int, pool: ControlPool
) -> None:
    panel = drawn_panel(seed)
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(panel.town))
    moved = replace(
        panel,
        outcome=panel.outcome
        + generator.normal(size=(len(panel.town), 1))
        + generator.normal(size=(1, len(panel.years))),
        weight=panel.weight * 7,
        town=tuple(f"{name} renamed" for name in panel.town),
    ).take(order)
    for aggregate in (cells, overall, by_event_time, by_cohort, by_calendar_year):
        before, after = (aggregate(group_time(one, pool)) for one in (panel, moved))
        np.testing.assert_allclose(after.influence, before.influence[order], atol=1e-10)
        assert by_cell(after) == {
            cell: pytest.approx(values, abs=1e-10) for cell, values in by_cell(before).items()
        }


@settings(max_examples=10, deadline=None)
@given(seed=seeds, method=st.sampled_from(METHODS))
def test_towns_that_weigh_more_count_like_as_many_towns(
    drawn_panel: Callable[..., TownPanel], seed: int, method: Method
) -> None:
    """Errors, too: clustered by town, they are those of its sellers added up."""
    panel = drawn_panel(seed, towns=60)
    covariate = np.random.default_rng(seed).normal(size=(60, 1))
    copies = np.repeat(np.arange(60), panel.weight.astype(int))
    many = town_panel(
        town=list(map(str, range(len(copies)))),
        years=panel.years.tolist(),
        outcome=panel.outcome[copies],
        first_treated_year=panel.first_treated_year[copies].tolist(),
    )
    one = overall(group_time(panel, adjustment=Adjustment(covariate, method)))
    other = overall(group_time(many, adjustment=Adjustment(covariate[copies], method)))
    assert one.estimates[0].estimate == pytest.approx(other.estimates[0].estimate, abs=1e-9)
    added = np.bincount(copies, weights=other.influence[:, 0]) / len(copies) * 60
    np.testing.assert_allclose(one.influence[:, 0], added, atol=1e-8)


@pytest.mark.parametrize("method", METHODS)
def test_units_of_covariates_change_nothing(
    drawn_panel: Callable[..., TownPanel], method: Method
) -> None:
    panel, covariate = drawn_panel(5, towns=60), np.random.default_rng(5).normal(size=(60, 2))
    moved = covariate @ np.array([[2e4, 1.0], [0.0, -3.0]]) + 7e4
    one, other = (
        cells(group_time(panel, adjustment=Adjustment(values, method)))
        for values in (covariate, moved)
    )
    np.testing.assert_allclose(one.influence, other.influence, atol=1e-8)


def test_trends_that_go_with_a_covariate_are_accounted_for(
    drawn_panel: Callable[..., TownPanel],
) -> None:
    """Towns of cohorts are richer, and richer towns grow faster: without covariates 0.3 is 0.9."""
    panel = drawn_panel(6, towns=200, effect=0.3, noise=0.0, weighted=False)
    drawn = np.random.default_rng(6).normal(size=200)
    covariate = drawn + 0.5 * panel.ever_treated
    faster = 0.4 * covariate[:, None] * np.arange(len(panel.years))
    panel = replace(panel, outcome=panel.outcome + faster)
    for method in ("regression", "doubly_robust"):
        found = group_time(panel, adjustment=Adjustment(covariate[:, None], method))
        assert found.effect[found.after] == pytest.approx(0.3, abs=1e-9)
    assert overall(group_time(panel)).estimates[0].estimate > 0.6


@pytest.mark.parametrize("missing", [np.nan, -np.inf])  # the logarithm of nothing
def test_a_town_without_a_covariate_is_named(
    drawn_panel: Callable[..., TownPanel], missing: float
) -> None:
    panel = drawn_panel(8)
    covariate = np.random.default_rng(8).normal(size=(len(panel.town), 1))
    covariate[3] = missing
    for method in METHODS:
        with pytest.raises(PanelError, match=f"1 of .* no number for a covariate, {panel.town[3]}"):
            group_time(panel, adjustment=Adjustment(covariate, method))


def test_towns_without_controls_like_them_are_refused(
    drawn_panel: Callable[..., TownPanel],
) -> None:
    panel = drawn_panel(7)
    tells = panel.ever_treated[:, None].astype(float)
    with pytest.raises(PanelError, match="controls are too few or too much alike"):
        group_time(panel, "never", adjustment=Adjustment(tells, "regression"))
    apart = tells + 0.01 * np.random.default_rng(7).normal(size=tells.shape)
    for method in ("weighting", "doubly_robust"):
        with pytest.raises(PanelError, match="cohort 2014 in 2013: covariates tell some of its 5"):
            group_time(panel, "never", adjustment=Adjustment(apart, method))


@settings(max_examples=10, deadline=None)
@given(seed=seeds, effect=st.floats(-3, 3))
def test_an_effect_that_is_the_same_everywhere_is_found_everywhere(
    drawn_panel: Callable[..., TownPanel], seed: int, effect: float
) -> None:
    result = group_time(drawn_panel(seed, effect=effect, noise=0.0), "not_yet")
    assert result.effect[result.after] == pytest.approx(effect, abs=1e-12)
    assert result.effect[~result.after] == pytest.approx(0, abs=1e-12)
    for estimate in overall(result).estimates + by_cohort(result).estimates:
        assert estimate.estimate == pytest.approx(effect, abs=1e-12)


def test_without_never_treated_towns_the_last_cohort_is_a_control(
    drawn_panel: Callable[..., TownPanel],
) -> None:
    panel = drawn_panel(1)
    without = panel.take(panel.ever_treated)
    result = group_time(without, "not_yet")
    assert set(result.cohort) == {2014, 2015}
    assert result.year.max() == 2016
    # Cutting the panel where the last cohort begins makes that cohort never treated within it.
    cut = group_time(without.between(2012, 2016), "not_yet")
    np.testing.assert_array_equal(result.effect, cut.effect)
    np.testing.assert_array_equal(result.influence, cut.influence)


def test_panels_without_controls_or_cohorts_are_refused(
    drawn_panel: Callable[..., TownPanel],
) -> None:
    panel = drawn_panel(1)
    with pytest.raises(PanelError, match="no town is never treated"):
        group_time(panel.take(panel.ever_treated), "never")
    with pytest.raises(PanelError, match="no cohort has both"):
        group_time(panel.take(~panel.ever_treated))


def test_towns_treated_from_the_first_year_on_are_left_out(
    drawn_panel: Callable[..., TownPanel],
) -> None:
    panel = drawn_panel(2)
    late = panel.between(2014, 2018)
    result = overall(group_time(late)).estimates[0]
    assert result.towns == 15
    assert result.treated_towns == 10
    assert result == overall(group_time(late.take(late.first_treated_year != 2014))).estimates[0]


@pytest.mark.slow
def test_intervals_cover_the_truth(drawn_panel: Callable[..., TownPanel]) -> None:
    # 1,000 draws: a coverage of 95 % is seen between 93.4 and 96.4 % (2.3 standard errors).
    covered = [
        one.low <= 0.3 <= one.high
        for seed in range(1000)
        for one in overall(group_time(drawn_panel(seed, 400, effect=0.3))).estimates
    ]
    assert 0.934 <= np.mean(covered) <= 0.964


@pytest.mark.parametrize("pool", ["never", "not_yet"])
def test_with_anticipation_it_is_that_of_diff_diff(
    drawn_panel: Callable[..., TownPanel],
    for_diff_diff: Callable[[TownPanel], Any],
    pool: Any,
) -> None:
    from diff_diff import CallawaySantAnna

    panel = drawn_panel(6, 80, weighted=False)
    control = {"never": "never_treated", "not_yet": "not_yet_treated"}[pool]
    theirs = CallawaySantAnna(control_group=control, anticipation=1).fit(
        for_diff_diff(panel), outcome="y", unit="unit", time="year", first_treat="first"
    )
    ours = group_time(panel, pool, anticipation_years=1)
    found = {
        (cohort, year): effect
        for cohort, year, effect in zip(
            ours.cohort.tolist(), ours.year.tolist(), ours.effect.tolist(), strict=True
        )
    }
    compared = 0
    for (cohort, year), cell in theirs.group_time_effects.items():
        if year >= cohort - 1:  # before that base years are a matter of convention
            assert found[int(cohort), int(year)] == pytest.approx(cell["effect"], abs=1e-10)
            compared += 1
    assert compared >= 14


def test_towns_that_react_a_year_before_are_found_once_that_is_allowed(
    drawn_panel: Callable[..., TownPanel],
) -> None:
    # No noise: every town gains 0.2 in the year before certification, and 0.5 from it on.
    panel = drawn_panel(2, noise=0.0)
    elapsed = panel.years[None, :] - panel.first_treated_year[:, None]
    gain = np.where(elapsed >= 0, 0.5, np.where(elapsed == -1, 0.2, 0.0))
    panel = replace(panel, outcome=panel.outcome + gain)
    assert overall(group_time(panel, "never")).estimates[0].estimate == pytest.approx(0.3)
    allowed = group_time(panel, "never", "universal", anticipation_years=1)
    assert overall(allowed).estimates[0].estimate == pytest.approx(0.5, abs=1e-10)
    by_year = {one.cell: one.estimate for one in by_event_time(allowed).estimates}
    assert by_year["e=-1"] == pytest.approx(0.2, abs=1e-10)
    assert by_year["e=-2"] == 0.0
    assert allowed.name == "callaway_santanna_anticipation"
    with pytest.raises(PanelError, match="anticipation_years is -1"):
        group_time(panel, "never", anticipation_years=-1)
