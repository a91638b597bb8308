"""The figures of 31 provinces as the shipped documents and the shipped models give them."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from assets.extracts.document import read_document

LANDING = Path(__file__).parents[2] / "landing"
SQL = Path(__file__).parents[2] / "sql"
SOURCES = ("nbs_province_annual", "nbs_province_ecommerce", "nbs_province_income")


@pytest.fixture(scope="session")
def provinces() -> Iterator[duckdb.DuckDBPyConnection]:
    """The models of schema `provinces` over the prints of the shipped documents."""
    rows = [
        (o.region, o.indicator, o.definition, o.reference_year, o.value, o.unit, o.edition)
        for source in SOURCES
        for o in read_document(LANDING / source / "2026" / "card.yaml", LANDING).observations
    ]
    columns = ["region", "indicator", "definition", "reference_year", "value", "unit", "edition"]
    prints = pd.DataFrame(rows, columns=columns)
    prints = prints.assign(quality="published", print_status="final", latest_order=1)
    with duckdb.connect() as connection:
        connection.register("prints", prints)
        connection.execute("create schema staging; create schema provinces")
        connection.execute("create table staging.print_order as from prints")
        for model in (SQL / "staging/own_print.sql", *sorted((SQL / "provinces").glob("*.sql"))):
            text = model.read_text(encoding="utf-8")
            connection.execute(f"create table {model.parent.name}.{model.stem} as {text}")
        yield connection


@pytest.fixture(scope="session")
def province_year(provinces: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return provinces.execute("select * from provinces.province_panel order by all").df()
