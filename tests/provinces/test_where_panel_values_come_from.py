"""`yearbook where-from` of a value of the panel: every printed figure behind it, with its cell."""

import argparse
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from assets.extracts.document import document_frames, read_document
from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home
from orchestration.commands.where_from import COMMAND

LANDING = Path(__file__).parents[2] / "landing"
DOCUMENTS = (
    "nbs_province_annual/2026",
    "nbs_province_ecommerce/2026",
    "nbs_province_income/2026",
    "poverty_classes_book/2017",
    "nbs_poverty_classes/2019",
    "govcn_yunnan_poverty/2019",
)


@pytest.fixture(scope="module")
def home(
    provinces: duckdb.DuckDBPyConnection,
    province_year: pd.DataFrame,
    tmp_path_factory: pytest.TempPathFactory,
) -> Home:
    home = Home(tmp_path_factory.mktemp("panel")).prepare()
    read = [read_document(LANDING / each / "card.yaml", LANDING) for each in DOCUMENTS]
    frames = document_frames(read)
    with duckdb.connect(home.published) as connection:
        connection.execute("create schema raw; create schema latest; create schema provinces")
        for name in ("raw.document", "raw.observation", "raw.interval"):
            connection.register("rows", frames[name])
            connection.execute(f"create table {name} as from rows")
        connection.execute("create view latest.figure as from raw.observation")
        connection.register("rows", province_year)
        connection.execute("create table provinces.province_panel as from rows")
        connection.execute("create schema study; create table study.variable (index_id varchar)")
        connection.execute("create schema staging")
        for name in ("staging.interval_print", "provinces.poverty_class"):
            connection.register("rows", provinces.execute(f"from {name}").df())
            connection.execute(f"create table {name} as from rows")
    return home


def asked(home: Home, column: str, region: str = "CN-GS", year: int = 2019) -> int:
    options = argparse.Namespace(
        index=column, year=year, study=None, region=region, json=False, printed=None
    )
    return COMMAND.run(home, options)


def test_each_figure_behind_a_value_is_told_with_its_cell(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(home, "log_im") == 0
    told = capsys.readouterr().out
    # 553.5 of 9053.3, 100 million yuan: the 29th province of both exports, the 6th year
    assert "enterprise_ecommerce_sales 2019 = 553.5" in told
    assert "gross_product 2019 = 9053.3" in told
    assert told.count("cell G32") == 2
    assert "nbs_province_ecommerce/2026/ecommerce.csv" in told
    assert asked(home, "aig_primary") == 0
    assert "primary_industry_value_added 2018 = 926.1" in capsys.readouterr().out
    with pytest.raises(WarehouseError, match=r"of the provinces 'log_lost'") as refused:
        asked(home, "log_lost")
    assert "Nearest: log_" in str(refused.value)


def test_an_end_of_a_class_is_told_with_its_cell(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    # Printed: 10 % and more in 2016; Yunnan's incidence of 2018 as a number, 4.8.
    assert asked(home, "low_pct", year=2016) == 0
    told = capsys.readouterr().out
    assert "value    10.0" in told
    assert "printed '10%及以上'" in told
    assert "poverty_classes_book/2017/classes.csv" in told
    assert asked(home, "high_pct", year=2016) == 0
    assert "open: the class has no such end" in capsys.readouterr().out
    assert asked(home, "high_pct", "CN-YN", 2018) == 0
    assert "as a number, which goes before a class" in capsys.readouterr().out


def test_every_column_of_the_panel_has_its_figures(home: Home, province_year: pd.DataFrame) -> None:
    keys = {"region", "reference_year", "quality", "edition_low", "edition_high"}
    for column in set(province_year.columns) - keys:
        assert asked(home, column) == 0, column
