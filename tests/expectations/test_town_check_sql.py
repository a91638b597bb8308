"""The frames of the town study's suites: each corrupted record breaks its rule and no other."""

from typing import Any

import pytest

from orchestration.checks.suite_file import load_suite
from orchestration.checks.suite_run import run_suite

SUITES = (
    "town_record",
    "seller_record",
    "seller_year_record",
    "order_record",
    "certification_record",
)


def failed(database: Any, suites_dir: Any) -> list[str]:
    found = []
    for name in SUITES:
        suite = load_suite(suites_dir / f"{name}.json")
        found += run_suite(suite, database.frame(suite.sql)).failed_ids
    return found


def order(database: Any, number: int, **given: Any) -> None:
    row = {"order_id": number, "ordered_on": "2013-06-01", "amount_cny": 1.0, "status": "completed"}
    database.add("micro.order_record", **{**row, **given})


@pytest.fixture
def sound(database: Any) -> Any:
    """Two towns, one certified; one seller with three years and three orders."""
    for town in ("T1", "T2"):
        database.add("raw.town", town_id=town)
        database.add("micro.town_cohort", town_id=town, is_never=town == "T1")
    database.add("raw.town_certification_list", town_id="T2", year=2014)
    database.add("micro.seller")
    database.add("micro.data_span")
    for year in (2013, 2014, 2015):
        database.add("micro.annual_record", year=year)
        order(database, year)
    return database


def test_sound_records_meet_everything(sound: Any, suites_dir: Any) -> None:
    assert failed(sound, suites_dir) == []


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("in_china", "update raw.town set longitude_deg = 34, latitude_deg = 118"),
        ("plausible_gdp", "update raw.town set baseline_gdp_per_head_cny = 4"),
        ("named", "update raw.town set county = ' '"),
        ("opened_in_time", "update micro.seller set opened_on = '2002-05-05'"),
        ("opened_at_an_age", "update micro.seller set birth_year = 2010"),
        ("gender_known", "update micro.seller set gender = null"),
        ("sales_with_orders", "update micro.annual_record set orders = 0 where year = 2014"),
        ("plausible_order", "update micro.annual_record set sales_cny = 1e9 where year = 2014"),
        ("without_gap", "delete from micro.annual_record where year = 2014"),
        ("mostly_completed", "update micro.order_record set status = 'returned'"),
        ("listed_in_span", "update raw.town_certification_list set year = 2011"),
        ("some_certified", "update micro.town_cohort set is_never = true"),
        ("some_never_certified", "update micro.town_cohort set is_never = false"),
    ],
)
def test_a_corrupted_record_trips_its_rule_only(
    sound: Any, suites_dir: Any, rule: str, change: str
) -> None:
    sound.connection.execute(change)
    assert failed(sound, suites_dir) == [rule]


def test_nothing_is_older_than_the_shop(sound: Any, suites_dir: Any) -> None:
    sound.connection.execute("update micro.seller set opened_on = '2014-01-01'")
    assert failed(sound, suites_dir) == ["not_before_opening"] * 2
