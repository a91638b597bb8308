"""Data sets that say `engine: spark`, on a machine that has neither Java nor PySpark."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from assets.extracts.errors import DocumentError
from assets.towns.records import dataset_intake
from assets.towns.records.dataset_card import read_dataset_card
from assets.towns.records.dataset_intake import read_datasets
from assets.towns.records.dataset_survey import kept_folder, survey_datasets
from assets.towns.records.record_rows import RECORD_VIEWS
from assets.towns.records.spark_engine import RESULTS, OnSpark, results_folder
from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home
from assets.warehouse.queries import query_text
from assets.warehouse.store import Store
from orchestration.sql_models import SQL_FOLDER, load_models

Records = dict[str, pd.DataFrame]
ADDRESS = "sc://127.0.0.1:9"


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[OnSpark]:
    """Instead of Spark: DuckDB, which writes what it makes of the same records."""
    asked: list[OnSpark] = []

    def compute(given: OnSpark, folder: Path, progress: Callable[[str], None]) -> None:
        asked.append(given)
        folder.mkdir()
        with duckdb.connect() as connection:
            connection.execute("set threads = 1; create schema micro; create schema raw")
            for contract, paths in given.records.items():
                view = RECORD_VIEWS[contract]
                files = ", ".join(f"'{path}'" for path in paths)
                select = f"select '{given.dataset}' as dataset, * from read_parquet([{files}])"
                if not paths:
                    select = (
                        "select null::varchar as dataset, null::bigint as seller_id, "
                        "null::date as ordered_on, null::double as amount_cny, "
                        "null::varchar as status where false"
                    )
                connection.execute(f"create view {view} as {select}")
            for table, listed in given.lists.items():
                connection.register("listed", listed)
                connection.execute(f"create table {table} as from listed")
            sums = query_text("towns/order_year")
            connection.execute(f"create table micro.order_year as {sums}")
            for model in load_models():
                if model.name.startswith("micro.") and model.path.stem in (
                    "seller_year",
                    "seller_history",
                    *RESULTS,
                ):
                    connection.execute(f"create table {model.name} as {model.sql}")
            for result in RESULTS:
                frame = SQL_FOLDER / "frames" / f"{result}.sql"
                what = frame.read_text() if frame.exists() else f"from micro.{result}"
                connection.execute(f"copy ({what}) to '{folder}/{result}.parquet'")

    monkeypatch.setattr(dataset_intake, "compute_on_spark", compute)
    return asked


def test_models_take_the_rows_of_spark_beside_their_own(
    home: Home,
    played: list[OnSpark],
    dataset_folder: Any,
    make_records: Callable[..., Records],
    build_store: Callable[[Home], Store],
) -> None:
    for name, card in (("duck", {}), ("far", {"engine": "spark", "spark": ADDRESS})):
        folder = dataset_folder(home, name)
        folder.put_all(make_records(5, 12, 8))
        folder.sign(**card)
    store = build_store(home)
    [given] = played
    assert (given.dataset, given.address) == ("far", ADDRESS)
    for table in ("micro.seller", "micro.seller_year", "micro.seller_history"):
        assert store.rows(f"select distinct dataset from {table}") == [("duck",)], table
    for table in (
        "micro.data_span",
        "micro.town_group_year",
        "micro.village_year",
        "micro.town_outcome",
        "micro.area_year",
        "towns.town_year",
    ):
        rows = {
            name: store.rows(
                f"select * exclude (dataset) from {table} where dataset = '{name}' order by all"
            )
            for name in ("duck", "far")
        }
        assert rows["duck"], table
        assert rows["duck"] == rows["far"], table


def test_results_of_another_version_or_damaged_are_not_read(
    home: Home,
    played: list[OnSpark],
    dataset_folder: Any,
    make_records: Callable[..., Records],
    build_store: Callable[[Home], Store],
) -> None:
    folder = dataset_folder(home, "far")
    folder.put_all(make_records(5, 12, 8))
    folder.sign(engine="spark", spark=ADDRESS)
    store = build_store(home)
    [(content,)] = store.rows("select content_sha256 from raw.town_dataset")
    results = results_folder(kept_folder(home, "far", content))
    whole = results / "town_group_year.parquet"
    whole.write_bytes(whole.read_bytes()[:1000])  # half written
    for _ in ("damaged", "gone"):
        with pytest.raises(WarehouseError) as error, store.transaction() as writes:
            dataset_intake._write_views(writes, home)
        assert "(far): town_group_year cannot be read" in str(error.value)
        assert "Nothing was published" in str(error.value)
        assert str(results.parent) in str(error.value)
        whole.unlink(missing_ok=True)


def test_without_spark_a_data_set_is_refused_with_what_to_do(
    home: Home, dataset_folder: Any, make_records: Callable[..., Records]
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"sc://127.0.0.1:{free.getsockname()[1]}"
    folder = dataset_folder(home, "far")
    folder.put_all(make_records(5, 12, 8))
    folder.sign(engine="spark", spark=nobody)
    intake = read_datasets(home, survey_datasets(home, {}).pending, lambda line: None)
    [row] = intake.refused
    assert row.message.startswith("landing/towns/far: ")
    assert f"nobody answers at {nobody}" in row.message or "uv sync --group spark" in row.message
    assert "Nothing of it was taken in; what it said before stands" in row.message
    assert not list((home.state / "towns").rglob("*.parquet"))


@pytest.mark.parametrize(
    "card",
    [
        {"engine": "spark"},
        {"spark": ADDRESS},
        {"engine": "spark", "spark": "http://127.0.0.1"},
        {"engine": "spark", "spark": f"{ADDRESS}/;token=secret"},
        {"engine": "polars"},
    ],
)
def test_a_card_says_engine_and_address_together(
    home: Home, dataset_folder: Any, make_records: Callable[..., Records], card: dict[str, str]
) -> None:
    folder = dataset_folder(home, "far")
    folder.put_all(make_records(5, 3, 2))
    folder.sign(**card)
    with pytest.raises(DocumentError, match=r"card\.yaml"):
        read_dataset_card(folder.path)
