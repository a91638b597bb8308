"""Growth over a change of definition: refused with a reason, or bridged by a declared rule, never
computed as if nothing was.

By hand on the whole of the SQL models, and at random on those that growth goes through.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.extracts.meaning.definition_rows import (
    BridgeRow,
    DefinitionRow,
    bridge_rows,
    definition_rows,
)
from assets.extracts.meaning.definitions import shipped_definitions
from assets.poverty.study_files.study import Study
from assets.warehouse.queries import query_text
from assets.warehouse.tables.row import as_frame
from orchestration.sql_models import load_models

RURAL = "rural_disposable_income_per_head"
INCOME: dict[str, Any] = {
    "inputs": {"agricultural_income": RURAL},
    "indices": ["AIG"],
    "model": None,
}


def test_growth_keeps_to_one_definition(world: Any) -> None:
    for year, value in ((2013, 900.0), (2014, 990.0)):
        world.figure(RURAL, year, value, "cny", definition="net_income")
    world.figure(RURAL, 2014, 1000.0, "cny")
    world.figure(RURAL, 2015, 1100.0, "cny")
    world.derive(**INCOME)
    # 2014: net income alone has both years, 990 / 900; 2015: disposable income, 1100 / 1000
    assert world.index("AIG", 2014)["value"] == pytest.approx(0.1, rel=1e-14)
    assert world.index("AIG", 2015)["value"] == pytest.approx(0.1, rel=1e-14)
    assert world.index("AIG", 2015)["status"] == "computed"
    used = world.rows(
        "select input_year, definition from indices.index_input where reference_year = 2014"
    )
    assert {(row["input_year"], row["definition"]) for row in used} == {
        (2013, "net_income"),
        (2014, "net_income"),
    }


def test_growth_over_a_break_is_refused_with_both_definitions_named(world: Any) -> None:
    world.figure(RURAL, 2014, 990.0, "cny", definition="net_income")
    world.figure(RURAL, 2015, 1100.0, "cny")
    world.derive(**INCOME)
    row = world.index("AIG", 2015)
    assert (row["value"], row["status"]) == (None, "missing")
    assert row["reason"] == (
        "agricultural income changes its definition between 2014 (Net income per head of rural "
        "residents) and 2015 (Disposable income per head of rural residents) in yearbook 2020, "
        "and nothing bridges it"
    )
    assert world.rows("select 1 from indices.index_input") == []


def test_growth_is_bridged_by_the_ratio_of_an_overlap_and_says_so(world: Any) -> None:
    world.figure(RURAL, 2013, 880.0, "cny", definition="net_income")
    world.figure(RURAL, 2013, 960.0, "cny")
    world.figure(RURAL, 2014, 990.0, "cny", definition="net_income")
    world.figure(RURAL, 2015, 1188.0, "cny")
    world.derive(**INCOME)
    # the ratio of 2013 is 960 / 880; 990 of 2014 becomes 1080, and 1188 is 10 % more
    row = world.index("AIG", 2015)
    assert row["value"] == pytest.approx(0.1, rel=1e-14)
    assert (row["status"], row["quality"]) == ("bridged", "published")
    assert row["reason"] == (
        "bridged from Net income per head of rural residents to Disposable income per head of "
        "rural residents by the ratio of both in 2013, yearbook 2020"
    )
    used = world.rows("select * from indices.index_input where reference_year = 2015")
    assert sorted((row["input_year"], row["definition"]) for row in used) == [
        (2013, "net_income"),
        (2013, "own"),
        (2014, "net_income"),
        (2015, "own"),
    ]


def test_another_editions_overlap_bridges_nothing(world: Any) -> None:
    world.figure(RURAL, 2013, 880.0, "cny", definition="net_income", edition=2021)
    world.figure(RURAL, 2013, 960.0, "cny", edition=2021)
    world.figure(RURAL, 2014, 990.0, "cny", definition="net_income")
    world.figure(RURAL, 2015, 1188.0, "cny")
    world.derive(**INCOME)
    assert world.index("AIG", 2015)["status"] == "missing"


def test_a_share_before_a_census_is_not_set_beside_one_after_it(world: Any) -> None:
    for year, share, definition in (
        (2013, 14.0, "before_agricultural_census_2016"),
        (2014, 13.0, "before_agricultural_census_2016"),
        (2015, 11.0, "own"),
    ):
        world.figure("primary_industry_share", year, share, "pct", definition=definition)
        world.figure("gross_product", year, 1000.0)
    world.derive()
    assert world.index("AIG", 2014)["value"] == pytest.approx(-1 / 14, rel=1e-14)
    row = world.index("AIG", 2015)
    assert row["status"] == "missing"
    assert "between 2014 (Before the third agricultural census (2016)) and 2015" in row["reason"]


def test_a_level_takes_one_definition_alone(world: Any) -> None:
    world.figure("gross_product", 2014, 6500.0)
    world.figure("gross_product", 2015, 6500.0)
    world.figure("population_year_end", 2014, 2600, "10k_persons")
    world.figure("population_year_end", 2014, 2000, "10k_persons", definition="registered")
    world.figure("population_year_end", 2015, 2500, "10k_persons", definition="registered")
    world.derive()
    assert world.index("EG", 2014)["value"] == 2.5
    assert world.index("EG", 2015)["status"] == "missing"
    latest = world.rows("select definition from latest.figure where reference_year = 2014")
    assert sorted(row["definition"] for row in latest) == ["own", "own", "registered"]
    world.derive(definitions={"population_year_end": "registered"})
    assert (world.index("EG", 2014)["value"], world.index("EG", 2015)["value"]) == (3.25, 2.6)


def test_a_study_names_a_definition_that_there_is() -> None:
    study: dict[str, Any] = {
        "study": "one",
        "title": "One",
        "region": "CN-GS",
        "years": {"first": 2014, "last": 2015},
        "samples": [{"name": "latest", "choose": "latest"}],
        "indices": ["EG"],
    }
    taken = {"population_year_end": "registered"}
    assert Study.model_validate({**study, "definitions": taken}).definitions == taken
    for indicator, definition in (("population_year_end", "net_income"), ("PI", "own")):
        with pytest.raises(ValueError, match="is none of its definitions"):
            Study.model_validate({**study, "definitions": {indicator: definition}})


def test_another_definition_is_no_revision(world: Any) -> None:
    world.figure("population_year_end", 2014, 2600, "10k_persons", edition=2015)
    world.figure("population_year_end", 2014, 2700, "10k_persons", edition=2016,
                 definition="registered")  # fmt: skip
    world.derive()
    assert world.rows("select 1 from release.revision") == []
    (change,) = world.rows("select * from release.definition_change")
    assert (change["old_definition"], change["new_definition"]) == ("own", "registered")
    assert (change["old_edition"], change["new_edition"]) == (2015, 2016)
    assert (change["old_value"], change["new_value"]) == (2600, 2700)


@dataclass(frozen=True)
class Printed:
    """One figure of a random series."""

    edition: int
    definition: str
    year: int
    value: float


YEARS = range(2011, 2017)
MODELS = ("agricultural_income", "agricultural_income_growth_pair", "agricultural_income_break")
SERIES = st.lists(
    st.builds(
        Printed,
        edition=st.sampled_from((2018, 2019)),
        definition=st.sampled_from(("own", "net_income")),
        year=st.sampled_from(YEARS),
        value=st.floats(100, 100_000),
    ),
    max_size=18,
    unique_by=lambda printed: (printed.edition, printed.definition, printed.year),
)


@pytest.fixture(scope="module")
def growth_models() -> Sequence[tuple[str, str]]:
    models = {model.name: model.sql for model in load_models()}
    names = (*(f"staging.{name}" for name in MODELS), "indices.agricultural_income_growth")
    return [(name, models[name]) for name in names]


def growth_of(
    models: Sequence[tuple[str, str]], several: Sequence[Sequence[Printed]]
) -> Iterator[dict[int, tuple[float | None, str, str | None]]]:
    """What the models say of each series (a region of its own): value, status, reason by year."""
    known = {RURAL: shipped_definitions()[RURAL]}
    with duckdb.connect() as connection:
        for schema in ("raw", "study", "staging", "indices"):
            connection.execute(f"create schema {schema}")
        connection.register("definitions", as_frame(DefinitionRow, definition_rows(known)))
        connection.register("bridges", as_frame(BridgeRow, bridge_rows(known)))
        connection.execute("create table raw.definition as from definitions")
        connection.execute("create table raw.definition_bridge as from bridges")
        connection.execute(
            f"create table study.role_indicator as select 's' as study, '{RURAL}' as indicator, "
            "'agricultural_income' as role"
        )
        connection.execute(
            "create table staging.print_choice (study varchar, region varchar, sample varchar, "
            "source varchar, edition integer, indicator varchar, definition varchar, "
            "reference_year integer, value double, quality varchar, is_later_print boolean, "
            "choice_rank integer)"
        )
        rows = [
            ["s", str(number), "latest", "office", each.edition, RURAL, each.definition, each.year,
             each.value, "published", False, 2020 - each.edition]
            for number, series in enumerate(several)
            for each in series
        ]  # fmt: skip
        if rows:
            connection.executemany(
                "insert into staging.print_choice values (?,?,?,?,?,?,?,?,?,?,?,?)", rows
            )
        connection.execute(
            "create table staging.study_year as select 's' as study, "
            f"cast(region as varchar) as region, 'latest' as sample, "
            f"cast(year as integer) as reference_year from range({len(several)}) as r (region), "
            f"range({YEARS[0]}, {YEARS[-1] + 1}) as y (year)"
        )
        connection.execute(
            "create table staging.role_gap as select 's' as study, 'agricultural_income' as role, "
            "'no print of agricultural income' as gap"
        )
        connection.execute(
            "create table staging.study_cell (study varchar, region varchar, sample varchar, "
            "role varchar, reference_year integer, value double)"
        )
        for name, sql in models:
            connection.execute(f"create table {name} as {sql}")
        found = connection.execute(
            "select cast(region as integer), reference_year, value, status, reason "
            "from indices.agricultural_income_growth"
        ).fetchall()
    for number in range(len(several)):
        yield {year: (value, status, reason) for place, year, value, status, reason in found
               if place == number}  # fmt: skip


def allowed_within(series: Sequence[Printed], year: int) -> list[float]:
    """Growth by one definition within one edition: the only growth there is without a rule."""
    at = {(each.edition, each.definition, each.year): each.value for each in series}
    return [
        (value - at[edition, definition, year - 1]) / at[edition, definition, year - 1]
        for (edition, definition, of), value in at.items()
        if of == year and (edition, definition, year - 1) in at
    ]


def allowed_over_the_bridge(series: Sequence[Printed], year: int) -> list[float]:
    """Net income of the year before, times the ratio in an overlap of 2013-2015, one edition."""
    at = {(each.edition, each.definition, each.year): each.value for each in series}
    return [
        value / (at[edition, "net_income", year - 1] * ratio) - 1
        for (edition, definition, of), value in at.items()
        if (definition, of) == ("own", year) and (edition, "net_income", year - 1) in at
        for overlap in (2013, 2014, 2015)
        if (edition, "own", overlap) in at and (edition, "net_income", overlap) in at
        for ratio in [at[edition, "own", overlap] / at[edition, "net_income", overlap]]
    ]


@settings(max_examples=25, deadline=None)
@given(st.lists(SERIES, min_size=1, max_size=40))
def test_no_growth_crosses_a_break_unbridged(
    growth_models: Sequence[tuple[str, str]], several: list[list[Printed]]
) -> None:
    for series, found in zip(several, growth_of(growth_models, several), strict=True):
        for year in YEARS:
            value, status, reason = found[year]
            within = allowed_within(series, year)
            bridged = allowed_over_the_bridge(series, year)
            if within:
                assert (status, reason) == ("computed", None)
                assert any(value == pytest.approx(each, rel=1e-9) for each in within)
            elif bridged:
                assert status == "bridged"
                assert reason
                assert any(value == pytest.approx(each, rel=1e-6, abs=1e-9) for each in bridged)
            else:
                assert (value, status) == (None, "missing")
                assert reason
            assert value is None or isfinite(value)


def test_the_check_finds_a_growth_that_crosses(world: Any) -> None:
    world.figure(RURAL, 2013, 960.0, "cny")
    world.figure(RURAL, 2013, 880.0, "cny", definition="net_income")
    world.figure(RURAL, 2014, 990.0, "cny", definition="net_income")
    world.figure(RURAL, 2015, 1188.0, "cny")
    world.derive(**INCOME)
    check = query_text("../frames/growth_keeps_definition")
    assert [row["crosses"] for row in world.rows(check)] == [False, False]
    with world.store.transaction() as writes:
        writes.connection.execute("delete from raw.definition_bridge")
    assert [row["crosses"] for row in world.rows(check) if row["reference_year"] == 2015] == [True]
