"""The figures of 31 provinces as the shipped documents and the shipped models give them."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from assets.extracts.document import read_document
from assets.extracts.document_rows import IntervalRow
from assets.warehouse.row import as_frame

LANDING = Path(__file__).parents[2] / "landing"
SQL = Path(__file__).parents[2] / "sql"
DOCUMENTS = (
    "nbs_province_annual/2026",
    "nbs_province_ecommerce/2026",
    "nbs_province_income/2026",
    "poor_county_list/2020",
    "scholarmate_poor_counties/2018",
    "people_daily_poor_counties/2020",
    "cctv_poor_counties_end/2020",
    "poverty_classes_book/2017",
    "nbs_poverty_classes/2019",
    "govcn_yunnan_poverty/2019",
)
# In the order in which they are made: each after what it reads.
MODELS = (
    "staging/own_print.sql",
    "staging/interval_print.sql",
    "provinces/province_panel.sql",
    "provinces/national_sum.sql",
    "provinces/odd_cell.sql",
    "provinces/poor_county.sql",
    "provinces/poor_county_sum.sql",
    "provinces/poverty_class.sql",
)


@pytest.fixture(scope="session")
def provinces() -> Iterator[duckdb.DuckDBPyConnection]:
    """The models of schema `provinces` over the prints of the shipped documents."""
    columns = ["region", "indicator", "definition", "reference_year", "value", "unit", "edition"]
    read = [read_document(LANDING / each / "card.yaml", LANDING) for each in DOCUMENTS]
    prints = pd.DataFrame(
        {name: getattr(observation, name) for name in (*columns, "quality")}
        for document in read
        for observation in document.observations
    )
    classes = as_frame(IntervalRow, [row for document in read for row in document.intervals])
    prints = prints.assign(print_status="final", latest_order=1)
    with duckdb.connect() as connection:
        connection.register("prints", prints)
        connection.register("classes", classes)
        connection.execute("create schema raw; create schema staging; create schema provinces")
        connection.execute("create table raw.interval as from classes")
        connection.execute("create table staging.print_order as from prints")
        assert {f"provinces/{path.name}" for path in (SQL / "provinces").glob("*.sql")} < {*MODELS}
        for model in (SQL / name for name in MODELS):
            text = model.read_text(encoding="utf-8")
            connection.execute(f"create table {model.parent.name}.{model.stem} as {text}")
        yield connection


@pytest.fixture(scope="session")
def province_year(provinces: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return provinces.execute("select * from provinces.province_panel order by all").df()


@pytest.fixture(scope="session")
def poor_county(provinces: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return provinces.execute("select * from provinces.poor_county order by all").df()


@pytest.fixture(scope="session")
def poverty_class(provinces: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return provinces.execute("select * from provinces.poverty_class order by all").df()
