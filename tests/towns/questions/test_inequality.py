"""Inequality: hand numbers, identities, and the truth of simulations inside its interval."""

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.towns.estimators.staggered.contrasts import effects_by_group
from assets.towns.estimators.staggered.imputation import impute
from assets.towns.panel.town_panel import NEVER, PanelError, town_panel
from assets.towns.questions.counterfactual import (
    NO_GROUP,
    change,
    drawn_effects,
    log_totals,
    town_spread,
    without_certification,
)
from assets.towns.questions.inequality import (
    LEVELS,
    NestedGroups,
    beta_convergence,
    gini,
    lorenz,
    nested_theil,
    published_lorenz,
    sigma,
    theil,
)
from assets.towns.simulation.design import Design
from assets.towns.simulation.truth import truth_summary
from benchmarks.simulated import simulate

EXACT = 1e-12  # sums of a few numbers of order one


def test_theil_of_two_towns_by_hand() -> None:
    # Shares 1/4 and 3/4: T = 0.25 log 0.5 + 0.75 log 1.5 = 0.130812.
    apart = theil(np.array([1.0, 3.0]), np.array(["a", "b"]))
    assert apart.total == pytest.approx(0.25 * log(0.5) + 0.75 * log(1.5), rel=EXACT)
    assert (apart.between, apart.within) == pytest.approx((apart.total, 0), abs=EXACT)
    together = theil(np.array([1.0, 3.0]), np.array(["a", "a"]))
    assert (together.between, together.within) == pytest.approx((0, apart.total), abs=EXACT)


def test_a_seller_counts_the_same_in_one_town_or_in_two() -> None:
    whole = theil(np.array([6.0, 1.0]), np.array(["a", "b"]), np.array([3.0, 1.0]))
    split = theil(np.array([4.0, 2.0, 1.0]), np.array(["a", "a", "b"]), np.array([2.0, 1.0, 1.0]))
    assert split.total == pytest.approx(whole.total, rel=EXACT)
    assert gini(np.array([4.0, 2.0, 1.0]), np.array([2.0, 1.0, 1.0])) == pytest.approx(
        gini(np.array([6.0, 1.0]), np.array([3.0, 1.0])), rel=EXACT
    )


@given(st.lists(st.floats(0.1, 1e6), min_size=8, max_size=8))
def test_nested_parts_are_not_negative_and_add_up(totals: list[float]) -> None:
    groups = {
        level: np.array(labels)
        for level, labels in zip(LEVELS, ("AAAABBBB", "aabbccdd", "12345567"), strict=True)
        for labels in [list(labels)]
    }
    parts = nested_theil(np.array(totals), NestedGroups.of(groups))
    inner = [value for name, value in parts.items() if name != "total"]
    assert sum(inner) == pytest.approx(parts["total"], abs=1e-9)
    assert min(inner) >= -1e-9


def test_a_county_in_two_provinces_is_refused() -> None:
    groups = {
        "province": np.array(["A", "B"]),
        "prefecture": np.array(["a", "b"]),
        "county": np.array(["same", "same"]),
    }
    with pytest.raises(ValueError, match="a county lies in two units of level prefecture"):
        NestedGroups.of(groups)


def test_gini_is_half_the_relative_mean_difference() -> None:
    totals = np.random.default_rng(3).lognormal(0, 1, 40)
    difference = np.abs(totals[:, None] - totals[None, :]).mean()
    assert gini(totals) == pytest.approx(difference / (2 * totals.mean()), rel=EXACT)
    assert gini(np.array([0.0, 0.0, 0.0, 1.0])) == pytest.approx(0.75, rel=EXACT)


def test_a_published_step_holds_five_towns_and_lies_on_the_curve() -> None:
    totals = np.random.default_rng(4).lognormal(0, 1, 40)
    curve, shown = lorenz(totals), published_lorenz(totals)
    assert len(shown.unit_share) == 40 // 5 + 1
    assert shown.sales_share == pytest.approx(curve.sales_share[::5], rel=EXACT)
    assert len(published_lorenz(np.ones(1000)).unit_share) == 21


def test_convergence_of_towns_that_close_a_tenth_of_their_gap_a_year() -> None:
    start = np.random.default_rng(5).normal(10, 1, 60)
    end = 10 + (start - 10) * 0.8 + 0.3
    found = beta_convergence(np.exp(start), np.exp(end), 2, np.repeat(np.arange(20), 3))
    assert found.slope == pytest.approx(-0.1, abs=1e-9)
    assert sigma(np.exp(end)) == pytest.approx(0.8 * sigma(np.exp(start)), rel=1e-9)
    with pytest.raises(ValueError, match="town 2 of 3 sold nothing"):
        sigma(np.array([1.0, 0.0, 2.0]))


def test_totals_without_certification_by_hand() -> None:
    totals = np.array([[100.0, 200.0], [50.0, 60.0]])
    group = np.array([[NO_GROUP, 1], [NO_GROUP, 0]])
    found = without_certification(totals, group, np.array([0.0, log(2)]))
    assert found == pytest.approx(np.array([[100.0, 100.0], [50.0, 60.0]]), rel=EXACT)


def test_a_town_without_sales_has_no_log() -> None:
    panel = town_panel(["a", "b"], [2014, 2015], np.array([[1.0, 0.0], [1.0, 1.0]]), [2015, NEVER])
    with pytest.raises(PanelError, match="town a sold nothing in 2015"):
        log_totals(panel)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_truth_of_a_simulation_lies_inside_the_interval(seed: int) -> None:
    """Sales gained, and the changes of Theil between and within counties: planted by entry, exit
    and effects on single sellers, estimated from town totals. 3 standard errors: twelve intervals
    of 95 % would fail one time in two."""
    design = Design(towns=200, sellers_per_town=(10, 30), ring_spillovers=(0.0, 0.0, 0.0))
    data = simulate(design, np.random.default_rng(seed))
    truth = truth_summary(design, data.town, data.truth_cell)
    cells = data.truth_cell.pivot(index="town_id", columns="year")
    totals = cells["sales_cny"].to_numpy(np.float64)
    certified = cells["certified"].to_numpy(np.bool_)
    town = data.town.set_index("town_id").loc[cells.index]
    gdp = town["baseline_gdp_per_head_cny"].to_numpy()
    tercile = np.searchsorted(np.quantile(gdp, [1 / 3, 2 / 3]), gdp)
    group = np.broadcast_to(tercile[:, None], totals.shape)

    first = np.where(certified.any(axis=1), design.years[certified.argmax(axis=1)], NEVER)
    keeps = ~(certified[:, :-1] & ~certified[:, 1:]).any(axis=1) & (totals > 0).all(axis=1)
    panel = town_panel(
        cells.index[keeps].tolist(), design.years.tolist(), totals[keeps], first[keeps].tolist()
    )
    imputed = impute(log_totals(panel))
    names = ("tercile=1", "tercile=2", "tercile=3")
    effects = effects_by_group(imputed, "development_tercile", names, group[keeps])
    spread = town_spread(imputed, group[keeps])
    drawn = drawn_effects(effects, spread, np.random.default_rng(seed), draws=199)
    here = np.where(certified, group, NO_GROUP)

    sold = truth["totals"]["certified_town_years"]
    gained = change(totals, here, drawn, lambda sales: float(sales[certified].sum()))
    expected = sold["sales_cny"] - sold["untreated_sales_cny"]
    assert gained.difference == pytest.approx(expected, abs=3 * gained.std_error)
    with_it, without = (
        truth["theil_of_town_sales"][f"{w}_certification"] for w in ("with", "without")
    )
    county = town["county"].to_numpy()
    for part in ("between", "within"):
        found = change(
            totals[:, -1],
            here[:, -1],
            drawn,
            lambda sales, p=part: getattr(theil(sales, county), p),
        )
        expected = with_it["county"][part] - without["county"][part]
        assert found.difference == pytest.approx(expected, abs=3 * found.std_error)
        assert found.std_error < 0.05  # an interval that says something: Theil itself is 0.2 to 0.4
