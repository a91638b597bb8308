"""The figures of 31 provinces as the shipped documents and the shipped models give them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from assets.extracts.document import Document, read_document
from assets.extracts.document_rows import IntervalRow
from assets.provinces.result_rows import ProvinceEstimateRow
from assets.provinces.study_results import ProvinceTables, read_tables, study_frames
from assets.vintages.failures import Failures
from assets.warehouse.tables.row import as_frame
from assets.warehouse.tables.table import Table

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
    *(f"nbs_province_accounts/{edition}" for edition in range(2018, 2024)),
    *(f"nbs_province_population/{edition}" for edition in (2019, 2023)),
    *(f"nbs_regional_accounts/{edition}" for edition in range(2018, 2023)),
    "nbs_regional_annual/2023",
    "gansu_population/2019",
)
# In the order in which they are made: each after what it reads.
MODELS = (
    "staging/own_print.sql",
    "staging/interval_print.sql",
    "provinces/primary_print.sql",
    "provinces/province_panel.sql",
    "provinces/national_sum.sql",
    "provinces/odd_cell.sql",
    "provinces/poor_county.sql",
    "provinces/poor_county_sum.sql",
    "provinces/poverty_class.sql",
    "provinces/panel_known_by.sql",
    "provinces/panel_revision.sql",
)


@pytest.fixture(scope="session")
def provinces() -> Iterator[duckdb.DuckDBPyConnection]:
    """The models of schema `provinces` over the prints of the shipped documents."""
    with province_models(DOCUMENTS) as connection:
        yield connection


@pytest.fixture(scope="session")
def two_editions(
    provinces: duckdb.DuckDBPyConnection,
) -> Iterator[tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection]]:
    """The same before the editions of 2023 were in, and with them."""
    before = [each for each in DOCUMENTS if not each.endswith("/2023")]
    with province_models(before) as first:
        yield first, provinces


@pytest.fixture
def with_a_communique() -> Iterator[duckdb.DuckDBPyConnection]:
    """The same with a document that prints Gansu's primary industry of 2015."""
    with province_models([*DOCUMENTS, "gansu_communique/2016"]) as connection:
        yield connection


@cache
def _read(document: str) -> Document:
    return read_document(LANDING / document / "card.yaml", LANDING)


@contextmanager
def province_models(documents: Sequence[str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The models of schema `provinces` over the prints of these documents."""
    columns = ["source", "region", "indicator", "definition", "reference_year", "value"]
    columns += ["unit", "edition", "half_unit"]
    read = [_read(each) for each in documents]
    prints = pd.DataFrame(
        {name: getattr(observation, name) for name in (*columns, "quality")}
        for document in read
        for observation in document.observations
    )
    classes = as_frame(IntervalRow, [row for document in read for row in document.intervals])
    # As staging.print_order has it where nothing but the edition differs.
    editions = prints.groupby(["region", "indicator", "definition", "reference_year"])["edition"]
    prints = prints.assign(
        print_status="final",
        is_estimate=False,
        latest_order=editions.rank(ascending=False, method="first"),
        first_printed_order=editions.rank(method="first"),
    )
    with duckdb.connect() as connection:
        connection.register("prints", prints)
        connection.register("classes", classes)
        connection.execute("create schema raw; create schema staging; create schema provinces")
        connection.execute("create table raw.interval as from classes")
        connection.execute("create table raw.observation as from prints")
        connection.execute("create table staging.print_order as from prints")
        assert {f"provinces/{path.name}" for path in (SQL / "provinces").glob("*.sql")} < {*MODELS}
        for model in (SQL / name for name in MODELS):
            text = model.read_text(encoding="utf-8")
            connection.execute(f"create table {model.parent.name}.{model.stem} as {text}")
        yield connection


@pytest.fixture(scope="session")
def province_tables(provinces: duckdb.DuckDBPyConnection) -> ProvinceTables:
    return read_tables(lambda sql: provinces.execute(sql).df())


@pytest.fixture(scope="session")
def province_year(provinces: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return provinces.execute("select * from provinces.province_panel order by all").df()


@pytest.fixture(scope="session")
def poor_county(provinces: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return provinces.execute("select * from provinces.poor_county order by all").df()


@pytest.fixture(scope="session")
def poverty_class(provinces: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return provinces.execute("select * from provinces.poverty_class order by all").df()


@pytest.fixture(scope="session")
def failures() -> Failures:
    return Failures("0001-abcdef12", ProvinceEstimateRow.table.name)


@pytest.fixture(scope="session")
def frames(province_tables: ProvinceTables, failures: Failures) -> dict[Table, pd.DataFrame]:
    """All results of the studies of provinces."""
    return study_frames(province_tables, failures)
