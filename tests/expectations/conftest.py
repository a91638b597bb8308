"""What the tests of the expectations share: the folders, and a DuckDB that plays the warehouse."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from assets.towns.records.engines.record_steps import sql_of
from assets.warehouse.queries import query_text

REPOSITORY = Path(__file__).resolve().parents[2]

OBSERVATION = """
create schema raw; create schema indices;
create table raw.observation (
    source varchar, edition integer, region varchar, indicator varchar, reference_year integer,
    definition varchar, value double, half_unit double, unit varchar, quality varchar,
    printed_value varchar,
    printed_label varchar, printed_unit varchar, file varchar, document_sha256 varchar,
    table_number varchar, sheet varchar, cell varchar, note varchar, status varchar,
    status_code varchar);
create table raw.document (source varchar, edition integer, withdrawn varchar);
create table raw.coverage (
    source varchar, edition integer, region varchar, indicator varchar, reference_year integer,
    missing_reason varchar);
create table raw.unavailable (
    source varchar, edition integer, region varchar, indicator varchar, reference_year integer,
    definition varchar, printed_value varchar);
create table raw.interval (
    source varchar, edition integer, region varchar, indicator varchar, reference_year integer,
    definition varchar, printed_value varchar);
create table raw.definition_bridge (
    indicator varchar, earlier varchar, later varchar, overlap_year integer);
create table indices.index_input (
    study varchar, region varchar, sample varchar, index_id varchar, reference_year integer,
    indicator varchar, definition varchar, input_year integer);
create table indices.index_value (
    study varchar, sample varchar, sample_order integer, region varchar, reference_year integer,
    index_id varchar, value double, unit varchar, status varchar, reason varchar, quality varchar,
    edition_low integer, edition_high integer);
create table indices.model_input (
    study varchar, sample varchar, sample_order integer, region varchar, reference_year integer,
    variable varchar, role varchar, value double, normalised double);
create schema micro;
create table raw.town (
    dataset varchar, town_id varchar, name varchar, county varchar, province varchar,
    longitude_deg double, latitude_deg double, baseline_gdp_per_head_cny double);
create table raw.town_certification_list (dataset varchar, town_id varchar, year integer);
create table micro.seller (
    dataset varchar, seller_id bigint, town_id varchar, gender varchar, birth_year integer,
    opened_on date);
create table micro.annual_record (
    dataset varchar, seller_id bigint, year integer, sales_cny double, orders bigint);
create view micro.seller_year as from micro.annual_record;
create table micro.order_record (
    dataset varchar, order_id bigint, seller_id bigint, ordered_on date, amount_cny double,
    status varchar);
create view micro.order_year as $order_year;
create table micro.data_span (dataset varchar, first_year integer, last_year integer);
create view micro.seller_history as $seller_history;
create view micro.town_group_year as $town_group_year;
create table micro.town_cohort (dataset varchar, town_id varchar, is_never boolean);
"""
DEFAULTS = {
    "source": "one_source",
    "edition": 2020,
    "region": "CN-GS",
    "definition": "own",
    "unit": "10k_persons",
    "quality": "published",
    "printed_label": "label",
    "printed_unit": "unit",
    "file": "one_source/2020/table.csv",
    "document_sha256": "0" * 64,
    "table_number": "1",
    "cell": "B2",
    "study": "gansu",
    "sample": "recovered",
    "sample_order": 1,
    "status": "computed",
    "role": "regressor",
    "edition_low": 2012,
    "edition_high": 2019,
    "dataset": "made_up",
    "town_id": "T1",
    "name": "Shaji",
    "county": "Suining",
    "province": "Jiangsu",
    "longitude_deg": 118.0,
    "latitude_deg": 34.0,
    "baseline_gdp_per_head_cny": 40000.0,
    "seller_id": 7,
    "gender": "female",
    "birth_year": 1980,
    "opened_on": "2012-05-05",
    "year": 2013,
    "sales_cny": 900.0,
    "orders": 9,
    "first_year": 2013,
    "last_year": 2015,
}

# The word `status` says how an index was made and how sure a figure is.
TABLE_DEFAULTS = {"raw.observation": {"status": "final", "status_code": "A"}}


def half_unit(value: float, printed: str) -> float:
    """Half a unit of the last printed digit, in the unit of the value."""
    number = Decimal(printed.replace(",", ""))
    scale = value / float(number) if number else 1.0
    return scale * 0.5 * 10.0 ** int(number.as_tuple().exponent)


class Database:
    """An in-memory database with the tables the checks read."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        tables = OBSERVATION.replace("$order_year", query_text("towns/order_year"))
        for model in ("seller_history", "town_group_year"):
            tables = tables.replace(f"${model}", sql_of(f"micro.{model}").rstrip())
        self.connection.execute(tables)

    def add(self, table: str, **given: Any) -> None:
        """Insert one row; what is not given takes a plain default."""
        names = [row[0] for row in self.connection.execute(f"describe {table}").fetchall()]
        defaults = {**DEFAULTS, **TABLE_DEFAULTS.get(table, {})}
        row = {**defaults, "printed_value": str(given.get("value")), **given}
        if "half_unit" in names:
            row.setdefault("half_unit", half_unit(row["value"], row["printed_value"]))
        values = [row.get(name) for name in names]
        marks = ", ".join("?" for _ in names)
        self.connection.execute(f"insert into {table} values ({marks})", values)

    def frame(self, sql: str) -> pd.DataFrame:
        return self.connection.execute(sql).df()


@pytest.fixture
def database() -> Iterator[Database]:
    opened = Database()
    yield opened
    opened.connection.close()


@pytest.fixture(scope="session")
def suites_dir() -> Path:
    return REPOSITORY / "expectations"


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture
def check_sql(database: Database) -> Callable[[str], pd.DataFrame]:
    """Rows of a file of sql/frames on the test database."""
    return lambda name: database.frame(
        (REPOSITORY / "sql" / "frames" / f"{name}.sql").read_text(encoding="utf-8")
    )
