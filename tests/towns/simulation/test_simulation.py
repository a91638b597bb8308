"""The simulation: its truth is in its data, and the data obey the contracts."""

from dataclasses import replace
from math import log, pi, sqrt
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.regression.panels.great_circle import EARTH_RADIUS_KM
from assets.towns.panel.distance import nearest_km
from assets.towns.panel.town_panel import NEVER
from assets.towns.simulation.design import REGIMES, Design, DesignError, regimes_for
from assets.towns.simulation.effects import autoregressive
from assets.towns.simulation.geography import draw_geography
from assets.towns.simulation.orders import STATUSES, season_cdf, single_orders
from assets.towns.simulation.records import blocks_of, regime_frame
from assets.towns.simulation.sellers import GROUPS, draw_sizes
from assets.towns.simulation.simulate import BLOCK_TOWNS, draw_country
from assets.towns.simulation.truth import truth_summary
from benchmarks.simulated import Simulated, simulate, simulate_town_panel

STANDARD_ERRORS = 4  # a right simulation fails a test of this width 6 times in 100,000 seeds
SMALL = Design(towns=60, sellers_per_town=(5, 12), regimes=regimes_for((5, 12)))
STILL = replace(  # nothing moves but what certification does
    Design(towns=200, sellers_per_town=(10, 20)),
    seller_shock_sd=0.0,
    town_shock_sd=0.0,
    growth=0.0,
    town_growth_sd=0.0,
    year_shock_sd=0.0,
    covid_mean=0.0,
    covid_town_sd=0.0,
    median_sales_cny=1e9,  # so that rounding to whole yuan is below 1e-6 of nearly any sales
)


def drawn(design: Design, seed: int = 1) -> Simulated:
    return simulate(design, np.random.default_rng(seed))


@pytest.fixture(scope="module")
def random_timing() -> Simulated:
    return drawn(Design())


@pytest.fixture(scope="module")
def by_threshold() -> Simulated:
    return drawn(Design(assignment="threshold"))


def answered(sql: str, data: Simulated) -> pd.DataFrame:
    """What SQL makes of the records and the rule."""
    with duckdb.connect() as connection:
        for name in ("town", "seller", "seller_year"):
            connection.register(name, getattr(data, name))
        connection.register("regime", regime_frame(data.country.design))
        return connection.execute(sql).df()


def incumbent_means(data: Simulated) -> pd.DataFrame:
    """Mean log sales and orders by town and year, from the records alone."""
    first, years = data.country.design.first_year, len(data.country.design.years)
    return answered(
        f"""
        with incumbent as (
            select seller_id from seller_year where sales_cny > 0
            group by seller_id having count(*) = {years}
        )
        select town_id, year, avg(ln(sales_cny)) as sales, avg(ln(orders)) as orders,
            count(*) as sellers
        from seller_year join seller using (seller_id) join incumbent using (seller_id)
        where opened_on < date '{first}-01-01'
        group by all order by town_id, year
        """,
        data,
    )


@pytest.mark.parametrize("assignment", ["random", "threshold"])
def test_the_same_seed_gives_the_same_data_and_another_seed_does_not(assignment: Any) -> None:
    design = replace(SMALL, assignment=assignment)
    one, again, other = (drawn(design, seed) for seed in (7, 7, 8))
    for name in ("town", "seller", "seller_year", "certification", "truth_cell"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(again, name))
    assert not one.seller_year["sales_cny"].equals(other.seller_year["sales_cny"])


@pytest.mark.parametrize("assignment", ["random", "threshold"])
def test_the_panel_is_that_of_the_records(assignment: Any) -> None:
    design = Design(towns=40, assignment=assignment)
    data = drawn(design, 3)
    panel = simulate_town_panel(design, np.random.default_rng(3)).panel
    means = incumbent_means(data)
    expected = means.pivot(index="town_id", columns="year", values="sales").loc[list(panel.town)]
    # The same numbers summed in another order: 1e-12 is far above the rounding of such sums.
    assert panel.outcome == pytest.approx(expected.to_numpy(), abs=1e-12)
    sellers = means.groupby("town_id")["sellers"].first().loc[list(panel.town)]
    assert panel.weight.tolist() == sellers.tolist()
    first = data.certification.groupby("town_id")["year"].min().reindex(panel.town)
    assert panel.first_treated_year.tolist() == first.astype(float).fillna(NEVER).tolist()


@pytest.mark.parametrize("seed", range(3))
def test_the_headline_effects_are_exact_over_certified_town_years(seed: int) -> None:
    cells = drawn(SMALL, seed).truth_cell.query("certified")
    assert cells["tau_log_sales"].mean() == pytest.approx(log(1.321), abs=1e-12)
    assert cells["tau_log_orders"].mean() == pytest.approx(log(1.208), abs=1e-12)


def test_effects_and_spillovers_are_in_the_records_exactly_when_nothing_else_moves() -> None:
    data = drawn(STILL)
    merged = incumbent_means(data).merge(data.truth_cell, on=["town_id", "year"])
    base = merged[merged["year"] == 2012].set_index("town_id")["sales"]
    gain = merged["sales"] - merged["town_id"].map(base)
    truth = merged["tau_log_sales"] + merged["spillover_log_sales"]
    # Half a yuan over sales of 10 million and more: 1e-7 at most.
    assert gain.to_numpy() == pytest.approx(truth.to_numpy(), abs=1e-6)
    assert (truth[merged["certified"]] > 0).all()
    assert set(merged.loc[merged["ring"] == 1, "spillover_log_sales"]) == {0.06}


def test_orders_take_their_share_of_the_effect() -> None:
    data = drawn(replace(STILL, price_shock_sd=0.0))
    merged = incumbent_means(data).merge(data.truth_cell, on=["town_id", "year"])
    base = merged[merged["year"] == 2012].set_index("town_id")["orders"]
    gain = merged["orders"] - merged["town_id"].map(base)
    truth = merged["tau_log_orders"] + merged["spillover_log_orders"]
    # Half an order over 100,000 orders and more: 1e-5.
    assert gain.to_numpy() == pytest.approx(truth.to_numpy(), abs=1e-5)


def test_effects_grow_last_and_are_larger_for_later_cohorts_and_less_developed_towns() -> None:
    design = replace(STILL, effect_town_sd=0.0)
    data = drawn(design)
    cells = data.truth_cell.merge(data.town, on="town_id").query("certified")
    cells["event_time"] = cells["year"] - cells["certified_since"]
    development = np.log(cells["baseline_gdp_per_head_cny"] / 25_000) / 0.45
    cohort = 1 + 0.5 * (cells["certified_since"].astype(float) - 2016.5) / 4.5
    duration = cells["event_time"].map(lambda e: {0: 0.6, 1: 0.85}.get(e, 1.0))
    shape = cells["tau_log_sales"] / (np.exp(-0.3 * development) * cohort * duration)
    # GDP per head is rounded to yuan: 0.5 / 5,000, times the slope.
    assert shape.to_numpy() == pytest.approx(shape.mean(), rel=1e-4)


@pytest.mark.parametrize("assignment", ["random", "threshold"])
def test_the_counterfactual_is_what_the_same_draws_give_without_certification(
    assignment: Any,
) -> None:
    design = replace(SMALL, assignment=assignment)
    nobody = replace(design, assignment="random", never_share=1 - 1e-12)
    treated, untreated = drawn(design).truth_cell, drawn(nobody).truth_cell
    assert treated["certified"].any()
    assert not untreated["certified"].any()
    assert treated["untreated_sales_cny"].tolist() == untreated["sales_cny"].tolist()
    assert treated["untreated_open_sellers"].tolist() == untreated["open_sellers"].tolist()
    for group in GROUPS:
        would = treated[f"untreated_new_sellers_{group}"]
        assert would.tolist() == untreated[f"new_sellers_{group}"].tolist()


def test_entry_rises_by_sex_and_age_as_designed(random_timing: Simulated) -> None:
    on = random_timing.truth_cell.query("certified")
    for group, effect in zip(GROUPS, Design().entry_effects, strict=True):
        new, without = on[f"new_sellers_{group}"].sum(), on[f"untreated_new_sellers_{group}"].sum()
        # new = without + Poisson; so the share that is added has this error, in logs.
        error = sqrt((new - without) / without**2 + (new - without) ** 2 / without**3)
        error /= new / without
        assert log(new / without) == pytest.approx(effect, abs=STANDARD_ERRORS * error)


def test_entrants_of_the_records_are_those_of_the_truth(random_timing: Simulated) -> None:
    seller = random_timing.seller.assign(year=random_timing.seller["opened_on"].dt.year)
    new = seller[seller["year"] >= 2012]
    age = new["year"] - new["birth_year"]
    young_women = new[(new["gender"] == "female") & (age < 35)]
    found = young_women.groupby(["town_id", "year"]).size()
    cells = random_timing.truth_cell.set_index(["town_id", "year"])["new_sellers_female_young"]
    assert found.reindex(cells.index, fill_value=0).tolist() == cells.tolist()


def test_exit_and_zero_sales_fall_with_certification(random_timing: Simulated) -> None:
    keys = ["town_id", "year", "certified"]
    rows = random_timing.seller_year.merge(
        random_timing.seller[["seller_id", "town_id"]], on="seller_id"
    ).merge(random_timing.truth_cell[keys], on=["town_id", "year"])
    status = random_timing.truth_cell.set_index(["town_id", "year"])["certified"]
    last = rows.groupby("seller_id")["year"].transform("max")
    at_risk = rows[rows["year"] < 2021]
    next_year = pd.MultiIndex.from_arrays([at_risk["town_id"], at_risk["year"] + 1])
    certified = status.loc[next_year].to_numpy()
    leaves = (last[at_risk.index] == at_risk["year"]).to_numpy()
    for on, share in ((False, 0.03), (True, 0.03 * np.exp(-0.2))):
        n = (certified == on).sum()
        error = sqrt(share * (1 - share) / n)
        assert leaves[certified == on].mean() == pytest.approx(share, abs=STANDARD_ERRORS * error)
    zero = rows.groupby("certified")["sales_cny"].agg(lambda sales: (sales == 0).mean())
    # By size they differ, but on average by the designed factor; sellers are drawn alike.
    n = rows["certified"].value_counts()
    error = sqrt(sum((1 - zero[on]) / (zero[on] * n[on]) for on in (False, True)))
    # Sellers repeat over years: their shares are fixed, which can double the variance.
    assert log(zero[True] / zero[False]) == pytest.approx(-0.3, abs=STANDARD_ERRORS * 2 * error)


def test_sizes_have_a_normal_body_and_a_pareto_tail() -> None:
    design, n = Design(), 400_000
    sizes = np.sort(draw_sizes(design, n, np.random.default_rng(5)))
    k = int(design.tail_share * n / 2)
    hill = 1 / (sizes[-k:] - sizes[-k - 1]).mean()  # Hill (1975); its error is index / sqrt(k)
    assert hill == pytest.approx(1.8, abs=STANDARD_ERRORS * 1.8 / sqrt(k))
    for probability, z in ((0.1, -1.2815515655), (0.5, 0.0), (0.9, 1.2815515655)):
        density = np.exp(-(z**2) / 2) / sqrt(2 * pi) / design.seller_sd
        error = sqrt(probability * (1 - probability) / n) / density
        found = np.quantile(sizes, probability)
        assert found == pytest.approx(1.1 * z, abs=STANDARD_ERRORS * error)


def test_shocks_are_autoregressive_and_stationary() -> None:
    n = 100_000
    shock = autoregressive(np.random.default_rng(2), n, 4, 0.4, 0.5)
    assert shock.std(axis=0) == pytest.approx(0.4, abs=STANDARD_ERRORS * 0.4 / sqrt(2 * n))
    for year in range(3):
        found = np.corrcoef(shock[:, year], shock[:, year + 1])[0, 1]
        assert found == pytest.approx(0.5, abs=STANDARD_ERRORS * 0.75 / sqrt(n))


def test_covid_is_in_the_records_and_differs_by_town() -> None:
    data = drawn(replace(STILL, covid_mean=-0.12, covid_town_sd=0.1, never_share=1 - 1e-12))
    means = incumbent_means(data).pivot(index="town_id", columns="year", values="sales")
    hit = means[2020] - means[2019]
    towns = len(hit)
    assert hit.std() == pytest.approx(0.1, abs=STANDARD_ERRORS * 0.1 / sqrt(2 * towns))
    assert hit.mean() == pytest.approx(-0.12, abs=STANDARD_ERRORS * 0.1 / sqrt(towns))
    assert (means[2021] - means[2019]).to_numpy() == pytest.approx(0.6 * hit.to_numpy(), abs=1e-6)


def test_single_orders_add_up_to_the_year_and_follow_the_season() -> None:
    design = Design(towns=8, last_year=2014, sellers_per_town=(20, 20))
    country = draw_country(design, np.random.default_rng(4))
    (block,) = blocks_of(country)
    (part,) = single_orders(design, block.history, block.orders, country.order_rng[0])
    frame = pd.DataFrame(
        {
            "seller": part.seller,
            "on": part.ordered_on.astype("datetime64[s]"),
            "amount": part.amount_cny,
            "status": np.array(STATUSES)[part.status],
        }
    )
    frame["year"] = frame["on"].dt.year
    done = frame[frame["status"] == "completed"]
    seller, year = np.nonzero(block.orders)
    of_year = done.groupby(["seller", "year"])["amount"]
    assert of_year.size().tolist() == block.orders[seller, year].tolist()
    # Each amount is rounded to 0.01, or raised to it.
    gap = of_year.sum().to_numpy() - block.history.sales_cny[seller, year]
    assert np.all(np.abs(gap) <= 0.01 * block.orders[seller, year] + 1e-6)
    n = len(done)
    for status, share in (("returned", 0.06), ("cancelled", 0.03)):
        found = (frame["status"] == status).sum() / n
        assert found == pytest.approx(share, abs=STANDARD_ERRORS * sqrt(share / n))
    stock = done[done["seller"].map(pd.Series(block.history.sellers.opened_at)) == -1]
    november = (stock["on"].dt.month == 11).mean()
    assert november == pytest.approx(0.14, abs=STANDARD_ERRORS * sqrt(0.14 * 0.86 / len(stock)))
    opened = pd.Series(block.history.sellers.opened_on.astype("datetime64[s]"))
    assert (frame["on"] >= frame["seller"].map(opened)).all()


def test_the_season_ends_with_the_year() -> None:
    assert len(season_cdf(Design(), 2016)) == 366
    assert season_cdf(Design(), 2015)[-1] == pytest.approx(1.0, abs=1e-12)


RULE = """
    with of_village as (
        select town_id, year, village, sum(sales_cny) as sales,
            count(*) filter (sales_cny > 0) as shops
        from seller_year join seller using (seller_id)
        group by all
    ),
    of_town as (
        select town_id, year + 1 as list_year, sum(sales) as sales, sum(shops) as shops,
            count(*) filter (village is not null and of_village.sales >= village_min_sales_cny
                and of_village.shops >= village_min_active_shops) as villages
        from of_village
        join regime on year + 1 between from_year and coalesce(to_year, 9999)
        group by all
    )
    select town_id, list_year as year
    from of_town
    join regime on list_year between from_year and coalesce(to_year, 9999)
    join town using (town_id)
    where (villages >= min_villages or (sales > min_sales_cny and shops > min_active_shops))
        and (subdistricts_count or not is_subdistrict) and list_year <= 2021
    order by all
"""


def test_certification_by_threshold_is_the_rule(by_threshold: Simulated) -> None:
    listed = answered(RULE, by_threshold)
    assert list(listed.itertuples(index=False, name=None)) == list(
        by_threshold.certification.sort_values(["town_id", "year"]).itertuples(
            index=False, name=None
        )
    )
    ever = listed["town_id"].nunique()
    assert 100 < ever < 400  # a share crosses: neither none nor all of the 500


def test_the_threshold_picks_towns_in_good_years_and_the_lot_does_not() -> None:
    """Why parallel trends break: the rule takes towns that grow, in the year after a good one."""

    def growth_and_shock(design: Design, seed: int) -> list[Any]:
        country = simulate_town_panel(design, np.random.default_rng(seed)).country
        untreated, first = country.untreated, country.certification.first_year
        towns = np.flatnonzero(np.isfinite(first))
        before = first[towns].astype(int) - 2012 - 1
        return [untreated.town_trend[towns, 1], untreated.town_shock[towns, before]]

    by_lot, by_rule = (
        [
            np.concatenate(parts)
            for parts in zip(*(growth_and_shock(design, seed) for seed in range(10)), strict=True)
        ]
        for design in (Design(), Design(assignment="threshold"))
    )
    for lot, rule, sd in zip(by_lot, by_rule, (0.03, 0.1), strict=True):
        assert abs(lot.mean()) < STANDARD_ERRORS * sd / sqrt(len(lot))
        assert rule.mean() > STANDARD_ERRORS * sd / sqrt(len(rule))


def test_status_is_lost_in_both_modes(random_timing: Simulated, by_threshold: Simulated) -> None:
    for data in (random_timing, by_threshold):
        certified = data.country.certification.certified
        assert (certified[:, :-1] & ~certified[:, 1:]).any()
    streets = by_threshold.town.query("is_subdistrict")["town_id"]
    late = by_threshold.certification.query("year >= 2020")
    assert not late["town_id"].isin(streets).any()


def test_random_timing_leaves_the_designed_share_out(random_timing: Simulated) -> None:
    ever = random_timing.certification["town_id"].nunique() / 500
    # Counties open or not: 63 clusters of 8 towns, intra-cluster correlation below 1.
    assert ever == pytest.approx(0.5, abs=STANDARD_ERRORS * 0.5 / sqrt(63))


def test_one_degree_of_latitude_is_a_three_hundred_and_sixtieth_of_the_circle() -> None:
    place = draw_geography(Design(towns=2), np.random.default_rng(1))
    place = replace(
        place, longitude_deg=np.array([105.0, 105.0]), latitude_deg=np.array([30.0, 31.0])
    )
    one, other = np.array([True, False]), np.array([False, True])
    expected = 2 * pi * EARTH_RADIUS_KM / 360
    assert nearest_km(place.longitude_deg, place.latitude_deg, one, other) == pytest.approx(
        [expected], rel=1e-12
    )
    assert nearest_km(place.longitude_deg, place.latitude_deg, one, ~one & ~other).tolist() == [
        np.inf
    ]


def test_the_summary_says_what_the_cells_say(random_timing: Simulated) -> None:
    cells = random_timing.truth_cell
    summary = truth_summary(random_timing.country.design, random_timing.town, cells)
    assert summary["att"]["sales_pct"] == pytest.approx(32.1, abs=1e-6)
    assert summary["att"]["orders_pct"] == pytest.approx(20.8, abs=1e-6)
    by_tercile = summary["by_development_tercile"]
    assert by_tercile[1]["log_sales"] > by_tercile[2]["log_sales"] > by_tercile[3]["log_sales"]
    first_year = summary["by_cohort_in_its_first_year"]
    assert first_year[2021]["log_sales"] > first_year[2014]["log_sales"]
    total = summary["totals"]["all"]
    assert total["sales_cny"] == pytest.approx(random_timing.seller_year["sales_cny"].sum())
    rows = sum(ring["town_years"] for ring in summary["spillover_by_ring"])
    assert rows == cells["ring"].notna().sum()


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32), assignment=st.sampled_from(["random", "threshold"]))
def test_any_seed_keeps_the_contracts(seed: int, assignment: Any) -> None:
    design = Design(towns=12, sellers_per_town=(1, 6), assignment=assignment)
    design = replace(design, regimes=regimes_for(design.sellers_per_town))
    data = drawn(design, seed)
    rows = data.seller_year
    assert not rows.duplicated(["seller_id", "year"]).any()
    assert data.seller["seller_id"].is_unique
    assert set(rows["seller_id"]) == set(data.seller["seller_id"])
    assert set(data.seller["town_id"]) <= set(data.town["town_id"])
    assert ((rows["sales_cny"] == 0) == (rows["orders"] == 0)).all()
    assert (rows["sales_cny"] >= 0).all()
    assert (rows["sales_cny"] == rows["sales_cny"].round()).all()
    span = rows.groupby("seller_id")["year"].agg(["min", "max", "count"])
    assert (span["max"] - span["min"] + 1 == span["count"]).all()  # open without gaps, then gone
    opened = data.seller.set_index("seller_id")["opened_on"].dt.year.clip(lower=2012)
    assert span["min"].tolist() == opened.loc[span.index].tolist()
    assert data.town["longitude_deg"].between(101, 116.5).all()
    assert data.town["latitude_deg"].between(24, 39).all()
    cells = data.truth_cell
    assert (cells["tau_log_sales"] > 0).equals(cells["certified"])
    assert not (cells["ring"].notna() & cells["certified"]).any()
    assert cells["certified"].sum() == len(data.certification)
    assert cells["sales_cny"].sum() == rows["sales_cny"].sum()


def test_more_towns_than_one_block_holds() -> None:
    design = Design(towns=BLOCK_TOWNS + 20, sellers_per_town=(1, 3), last_year=2014)
    data = drawn(design)
    assert data.seller["seller_id"].is_unique
    assert data.seller["town_id"].nunique() > BLOCK_TOWNS
    assert data.truth_cell["town_id"].nunique() == design.towns


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"towns": 0}, "towns"),
        ({"sellers_per_town": (5, 2)}, "sellers_per_town"),
        ({"last_year": 2012}, "last_year"),
        ({"entry_effect": -1.0}, "entry_effect"),
        ({"exit_share": 1.5}, "exit_share"),
        ({"seller_sd": -1.0}, "seller_sd"),
        ({"ring_edges_km": (20.0, 10.0, 40.0)}, "ring_edges_km"),
        ({"regimes": REGIMES[::-1]}, "regimes"),
    ],
)
def test_a_design_out_of_range_is_refused(change: dict[str, Any], named: str) -> None:
    with pytest.raises(DesignError, match=f"^{named} = "):
        Design(**change)
