"""Rings around certified towns, the own effect without near controls, and county totals."""

from dataclasses import replace

import numpy as np
import pytest

from assets.towns.estimators.staggered.imputation import imputation
from assets.towns.panel.town_panel import NEVER, PanelError, TownPanel, town_panel
from assets.towns.questions.spillovers import (
    Places,
    clustered,
    county_totals,
    evidence,
    nearest_certified_km,
    rings,
    spillovers,
)
from assets.towns.simulation.design import Design
from assets.towns.simulation.simulate import town_ids
from benchmarks.simulated import SimulatedPanel, simulate_town_panel

QUIET = Design(  # little noise, so that small spillovers are seen in few towns
    towns=400,
    sellers_per_town=(10, 20),
    seller_sd=0.3,
    tail_share=0.01,
    seller_shock_sd=0.1,
    town_shock_sd=0.02,
    town_growth_sd=0.0,
    covid_town_sd=0.0,
    yearly_loss_share=0.0,
    ring_spillovers=(0.2, 0.1, 0.05),
)


@pytest.fixture(scope="module")
def simulated() -> SimulatedPanel:
    return simulate_town_panel(QUIET, np.random.default_rng(5))


def places_of(simulated: SimulatedPanel) -> Places:
    country = simulated.country
    return Places(
        town=tuple(town_ids(country.design)),
        longitude_deg=country.place.longitude_deg,
        latitude_deg=country.place.latitude_deg,
        certified=country.certification.certified,
    )


@pytest.fixture(scope="module")
def ring(simulated: SimulatedPanel) -> np.ndarray:
    distance = nearest_certified_km(simulated.panel, places_of(simulated))
    return rings(distance, QUIET.ring_edges_km)


def test_rings_are_those_of_the_simulation(simulated: SimulatedPanel, ring: np.ndarray) -> None:
    truth = simulated.country.certification.ring[simulated.kept]
    outside = ~simulated.panel.treated
    expected = np.where(truth == len(QUIET.ring_edges_km), 0, truth + 1)
    np.testing.assert_array_equal(ring[outside], expected[outside])


def test_an_edge_belongs_to_the_ring_inside_it() -> None:
    found = rings(np.array([[0.0, 10.0, 10.01, 20.0, 20.5, np.inf]]), (10.0, 20.0))
    assert found.tolist() == [[1, 1, 2, 2, 0, 0]]
    for edges in ((), (20.0, 10.0), (0.0, 10.0)):
        with pytest.raises(PanelError, match="ascending"):
            rings(np.zeros((1, 1)), edges)


def test_spillovers_and_own_effect_are_the_planted_ones(
    simulated: SimulatedPanel, ring: np.ndarray
) -> None:
    found = spillovers(simulated.panel, ring)
    # Within four standard errors, which are themselves small against what is looked for.
    for cell, truth in zip(found.by_ring.estimates, QUIET.ring_spillovers, strict=True):
        assert cell.estimate == pytest.approx(truth, abs=4 * cell.std_error)
        assert cell.std_error < 0.012
    kept = ~np.isin(simulated.panel.town, found.dropped)
    panel = simulated.panel.take(kept)
    weight = panel.weight[:, None] * panel.treated
    truth = float(np.sum(weight * simulated.tau_log_sales[kept]) / weight.sum())
    own, ignoring, difference = found.own.estimates
    assert own.estimate == pytest.approx(truth, abs=4 * own.std_error)
    assert own.std_error < 0.015
    # Near towns that gain make poor controls: the effect comes out too small, and the row says so.
    assert ignoring.estimate < truth - 0.02
    assert difference.estimate == pytest.approx(own.estimate - ignoring.estimate, abs=1e-12)
    assert evidence(found).verdict == "against"


def test_without_spillovers_the_near_towns_are_fit_controls() -> None:
    quiet = replace(QUIET, ring_spillovers=(0.0, 0.0, 0.0), town_shock_sd=0.05)
    drawn = simulate_town_panel(quiet, np.random.default_rng(6))
    ring = rings(nearest_certified_km(drawn.panel, places_of(drawn)), quiet.ring_edges_km)
    found = spillovers(drawn.panel, ring)
    assert all(abs(cell.estimate) < 4 * cell.std_error for cell in found.by_ring.estimates)
    assert abs(found.own.estimates[2].estimate) < 4 * found.own.estimates[2].std_error


def test_points_are_those_of_diff_diff(simulated: SimulatedPanel) -> None:
    import pandas as pd
    from diff_diff import SpilloverDiD

    # The library counts every town the same, and knows only the panel's own towns. Towns without a
    # far year are left out on both sides.
    panel = replace(simulated.panel, weight=np.ones(len(simulated.panel.town)))
    places = places_of(simulated)
    at = [places.town.index(name) for name in panel.town]
    own = Places(panel.town, places.longitude_deg[at], places.latitude_deg[at], panel.treated)
    ring = rings(nearest_certified_km(panel, own), (15.0, 40.0))
    found = spillovers(panel, ring)
    years = len(panel.years)
    frame = pd.DataFrame(
        {
            "town": np.repeat(panel.town, years),
            "year": np.tile(panel.years, len(panel.town)),
            "y": panel.outcome.ravel(),
            "first": np.repeat(np.where(panel.ever_treated, panel.first_treated_year, 0), years),
            "lat": np.repeat(own.latitude_deg, years),
            "lon": np.repeat(own.longitude_deg, years),
        }
    )
    fit = SpilloverDiD(
        rings=[0.0, 15.0, 40.0], conley_coords=("lat", "lon"), rank_deficient_action="silent"
    ).fit(frame, outcome="y", unit="town", time="year", first_treat="first")
    assert found.own.estimates[0].estimate == pytest.approx(fit.att, abs=1e-9)
    ours = [cell.estimate for cell in found.by_ring.estimates]
    assert ours == pytest.approx(fit.spillover_effects["coef"].tolist(), abs=1e-9)


def test_clusters_of_one_change_nothing_and_twins_double_the_variance(
    simulated: SimulatedPanel,
) -> None:
    result = imputation(simulated.panel)
    same = clustered(result, result.town)
    assert same.estimates[0].std_error == pytest.approx(result.estimates[0].std_error)
    panel = simulated.panel
    twice = replace(
        panel,
        town=panel.town + tuple(f"{name} twin" for name in panel.town),
        outcome=np.concatenate([panel.outcome] * 2),
        first_treated_year=np.concatenate([panel.first_treated_year] * 2),
        weight=np.concatenate([panel.weight] * 2),
    )
    twins = imputation(twice)
    joined = clustered(twins, panel.town * 2)
    assert joined.estimates[0].std_error == pytest.approx(result.estimates[0].std_error)
    assert twins.estimates[0].std_error == pytest.approx(joined.estimates[0].std_error / 2**0.5)


def county_sales(gain_of_others: float) -> tuple[TownPanel, tuple[str, ...]]:
    """40 counties of 4 towns; in half of them one town is certified in 2015 and sells e times."""
    generator = np.random.default_rng(3)
    years = np.arange(2012, 2018)
    county = tuple(f"county {place // 4:02d}" for place in range(160))
    certified = (np.arange(160) % 4 == 0) & (np.arange(160) < 80)
    near = (np.arange(160) < 80) & ~certified
    log = generator.normal(10, 0.01, (160, 1)) + generator.normal(0, 0.001, (160, len(years)))
    log = log + (certified * 1.0 + near * gain_of_others)[:, None] * (years >= 2015)
    first = np.where(certified, 2015.0, NEVER).tolist()
    town = [f"town {place}" for place in range(160)]
    return town_panel(town, years.tolist(), np.exp(log), first), county


@pytest.mark.parametrize("others", [-0.2, 0.0, 0.1])
def test_county_totals_tell_growth_from_displacement(others: float) -> None:
    total, uncertified = county_totals(*county_sales(others)).estimates
    # One town in four grows by a factor e, three by exp(others); levels differ by about 1 %.
    expected = np.log((np.e + 3 * np.exp(others)) / 4)
    assert total.estimate == pytest.approx(expected, abs=0.005)
    assert uncertified.estimate == pytest.approx(others, abs=0.005)
    assert (total.towns, total.treated_towns) == (40, 20)


def test_what_cannot_be_estimated_is_said(simulated: SimulatedPanel, ring: np.ndarray) -> None:
    panel = simulated.panel
    with pytest.raises(PanelError, match="narrower"):
        spillovers(panel, np.ones_like(ring))
    with pytest.raises(PanelError, match="ring 1"):
        spillovers(panel, np.where(ring == 1, 2, ring))
    places = places_of(simulated)
    with pytest.raises(PanelError, match="years"):
        nearest_certified_km(panel, replace(places, certified=places.certified[:, 1:]))
    unnamed = replace(places, town=("elsewhere", *places.town[1:]))
    with pytest.raises(PanelError, match="has no coordinates"):
        nearest_certified_km(panel, unnamed)
    sales, county = county_sales(0.0)
    sales.outcome[4:8, 2] = 0
    with pytest.raises(PanelError, match="county 01 sold nothing in 2014"):
        county_totals(sales, county)


@pytest.mark.slow
def test_intervals_of_rings_hold_the_truth() -> None:
    # 200 draws of 300 towns: 95 % is seen above 89.6 % (three and a half standard errors).
    design = Design(towns=300, sellers_per_town=(10, 20), yearly_loss_share=0.0)
    held = []
    for seed in range(200):
        drawn = simulate_town_panel(design, np.random.default_rng(seed))
        ring = rings(nearest_certified_km(drawn.panel, places_of(drawn)), design.ring_edges_km)
        cells = spillovers(drawn.panel, ring).by_ring.estimates
        truths = zip(cells, design.ring_spillovers, strict=True)
        held.append([cell.low <= truth <= cell.high for cell, truth in truths])
    assert np.all(np.mean(held, axis=0) >= 0.896)
