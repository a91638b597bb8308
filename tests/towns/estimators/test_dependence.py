"""Errors clustered above the town and by distance, on estimates of towns."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assets.towns.estimators.dependence import clustered, within_distance
from assets.towns.estimators.staggered.callaway_santanna import by_event_time, group_time, overall
from assets.towns.estimators.staggered.imputation import imputation
from assets.towns.estimators.twfe import event_study, twfe
from assets.towns.panel.town_panel import NEVER, PanelError, TownPanel, town_panel

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "towns"


@pytest.fixture(scope="module")
def staggered() -> TownPanel:
    with (REFERENCE / "staggered_panel.csv").open() as file:
        rows = list(csv.DictReader(file))
    towns, years = (sorted({row[name] for row in rows}) for name in ("town", "year"))
    cell = {(row["town"], row["year"]): row for row in rows}
    first = [
        min((float(y) for y in years if cell[town, y]["treated"] == "1"), default=NEVER)
        for town in towns
    ]
    outcome = np.array([[float(cell[town, year]["outcome"]) for year in years] for town in towns])
    return town_panel(towns, [int(year) for year in years], outcome, first)


def county_of(panel: TownPanel) -> np.ndarray:
    return np.array([f"county {int(town[1:]) // 5}" for town in panel.town])


def test_two_way_errors_by_county_are_those_of_pyfixest(staggered: TownPanel) -> None:
    reference = json.loads((REFERENCE / "clustered_pyfixest.json").read_text())
    assert len(np.unique(county_of(staggered))) == 12
    for name, estimate in (("twfe", twfe), ("event_study", event_study)):
        found = clustered(estimate(staggered), county_of(staggered))
        expected = reference[name]
        assert [one.estimate for one in found.estimates] == pytest.approx(
            expected["coefficient"], abs=1e-9
        )
        assert [one.std_error for one in found.estimates] == pytest.approx(
            expected["std_error"], rel=1e-8
        )
        assert len(found.town) == 12


def test_each_town_a_cluster_changes_nothing(drawn_panel: Callable[..., TownPanel]) -> None:
    panel = drawn_panel(1, 40)
    for result in (imputation(panel), by_event_time(group_time(panel, "never", "universal"))):
        same = clustered(result, np.array(result.town))
        for one, other in zip(result.estimates, same.estimates, strict=True):
            assert other.std_error == pytest.approx(one.std_error, rel=1e-12, nan_ok=True)
            assert other.low == pytest.approx(one.low, rel=1e-9, nan_ok=True)


def test_towns_counted_twice_are_one_cluster() -> None:
    # Each town stands in the panel three times, alike: clustered by town it is the town alone.
    generator = np.random.default_rng(4)
    first = np.array([2014, 2016, NEVER])[np.arange(30) % 3]
    outcome = generator.normal(size=(30, 6))
    names = np.array([f"town {k}" for k in range(30)])
    years = list(range(2012, 2018))
    once = overall(group_time(town_panel(names.tolist(), years, outcome, first.tolist()), "never"))
    thrice = town_panel(
        [f"{name}, copy {k}" for k in range(3) for name in names],
        years,
        np.tile(outcome, (3, 1)),
        np.tile(first, 3).tolist(),
    )
    found = clustered(overall(group_time(thrice, "never")), np.tile(names, 3)).estimates[0]
    factor = np.sqrt(30 / 29 * 89 / 90)  # of 30 clusters, in place of 90 towns
    assert found.estimate == pytest.approx(once.estimates[0].estimate, rel=1e-9)
    assert found.std_error == pytest.approx(once.estimates[0].std_error * factor, rel=1e-9)


def test_by_distance_near_nothing_is_the_towns_own_error_and_a_county_is_a_cluster(
    staggered: TownPanel,
) -> None:
    result, county = twfe(staggered), county_of(staggered)
    _, place = np.unique(county, return_inverse=True)
    longitude, latitude = 2.0 * place, np.zeros(60)  # 222 km apart, each town in its county
    near = within_distance(result, longitude, latitude, 50.0, "uniform")[0]
    by_county = clustered(result, county).estimates[0]
    assert near.std_error == pytest.approx(
        by_county.std_error / np.sqrt(12 / 11 * 59 / 60), rel=1e-9
    )
    apart = within_distance(result, 2.0 * np.arange(60.0), latitude, 50.0, "bartlett")[0]
    assert apart.std_error == pytest.approx(result.estimates[0].std_error, rel=1e-9)
    assert (near.estimate, near.inference) == (
        result.estimates[0].estimate,
        result.estimates[0].inference,
    )


def test_towns_of_one_county_or_of_no_place_have_no_such_errors(
    drawn_panel: Callable[..., TownPanel],
) -> None:
    result = imputation(drawn_panel(1))
    with pytest.raises(PanelError, match="all towns lie in one county"):
        clustered(result, np.full(len(result.town), "one county"))
    nowhere = np.where(np.arange(len(result.town)) == 3, np.nan, 100.0)
    with pytest.raises(PanelError, match="town 0003 has no place"):
        within_distance(result, nowhere, np.zeros(len(result.town)), 40.0, "uniform")
