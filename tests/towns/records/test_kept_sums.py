"""Sums kept beside the records: made once, by DuckDB or by Spark, and read by all models after.

Belongs here: what is kept and when it is made anew; Spark is played by DuckDB, so that neither Java
nor PySpark is needed. Not here: whether the sums are right (`test_town_year.py`), and Spark itself
(`test_spark.py`).
"""

import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from assets.extracts.errors import DocumentError
from assets.towns.records import dataset_intake, kept_sums
from assets.towns.records.dataset_card import read_dataset_card
from assets.towns.records.dataset_intake import read_datasets
from assets.towns.records.dataset_survey import datasets_before, kept_folder, survey_datasets
from assets.towns.records.dataset_writing import write_datasets
from assets.towns.records.engines import duckdb_sums
from assets.towns.records.engines.record_steps import OF_SELLERS, RESULTS, STEPS, kept_view, sql_of
from assets.towns.records.engines.spark_engine import OnSpark, results_folder
from assets.towns.records.kept_sums import write_kept_sums
from assets.towns.records.order_year_view import write_order_year
from assets.towns.records.record_rows import RECORD_VIEWS
from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home
from assets.warehouse.queries import query_text
from assets.warehouse.store import Store
from orchestration.sql_models import load_models

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
            for name in STEPS:
                if name in (*OF_SELLERS[1:], *(f"micro.{result}" for result in RESULTS)):
                    connection.execute(f"create table {name} as {sql_of(name)}")
            for result in RESULTS:
                [step] = [name for name in STEPS if name.endswith(f".{result}")]
                what = sql_of(step) if step.startswith("frames.") else f"from {step}"
                copied = f"select * from ({what}) order by all"
                connection.execute(f"copy ({copied}) to '{folder}/{result}.parquet'")

    monkeypatch.setattr(dataset_intake, "compute_on_spark", compute)
    return asked


def said(home: Home, store: Store, again: bool = False) -> list[str]:
    """The data sets that are added up anew, as the program says it."""
    lines: list[str] = []
    write_kept_sums(home, store, lines.append, again)
    return datasets(lines)


def datasets(lines: list[str]) -> list[str]:
    told = [f": {step} on DuckDB" for step in STEPS if step != "micro.order_year"]
    names = sorted({line.split(":")[0].removeprefix("towns/") for line in lines})
    assert lines == [f"towns/{name}{step}" for name in names for step in told]
    return names


def test_what_is_kept_is_what_the_sql_makes_of_the_records(built: Store) -> None:
    for step in STEPS:
        if step in OF_SELLERS:
            continue
        kept = kept_view(step.split(".")[1])
        with built.transaction() as writes:
            made, found = (
                writes.connection.sql(f"select * from ({select}) order by all")
                for select in (sql_of(step), f"from {kept}")
            )
            assert (made.columns, made.types) == (found.columns, found.types), step
            rows = made.fetchall()
            assert rows or step == "frames.order_record", step
            assert rows == found.fetchall(), step


def test_records_are_added_up_once(
    home: Home,
    dataset_folder: Any,
    make_records: Callable[..., Records],
    build_store: Callable[[Home], Store],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dataset_folder(home, "one").put_all(make_records(5, 12, 8))
    store = build_store(home)
    assert said(home, store) == []
    dataset_folder(home, "two").put_all(make_records(6, 12, 8))
    lines: list[str] = []
    take_in(home, store, lines)
    assert datasets(lines) == ["two"]
    sellers = store.rows("select dataset, sum(sellers) from micro.town_group_year group by all")
    # other records of one data set
    dataset_folder(home, "one").put_all(make_records(7, 12, 8))
    lines.clear()
    take_in(home, store, lines)
    assert datasets(lines) == ["one"]
    again = store.rows("select dataset, sum(sellers) from micro.town_group_year group by all")
    assert {name for name, _ in {*sellers} & {*again}} == {"two"}
    # other code, other SQL, another DuckDB
    assert len(said(home, store, again=True)) == 2
    monkeypatch.setattr(duckdb_sums, "sql_of", lambda step: f"-- otherwise\n{sql_of(step)}")
    assert len(said(home, store)) == 2
    monkeypatch.setattr(duckdb, "__version__", "later")
    assert len(said(home, store)) == 2


def take_in(home: Home, store: Store, lines: list[str]) -> None:
    """What a refresh does where data sets wait, without its models."""
    waiting = survey_datasets(home, datasets_before(home, store)).pending
    write_datasets(home, store, read_datasets(home, waiting, lambda line: None, "code"))
    write_order_year(home, store)
    write_kept_sums(home, store, lines.append)


def test_what_was_cut_off_is_never_read(
    home: Home,
    dataset_folder: Any,
    make_records: Callable[..., Records],
    build_store: Callable[[Home], Store],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dataset_folder(home, "one").put_all(make_records(5, 12, 8))
    store = build_store(home)
    rows = "from micro.town_group_year order by all"
    whole = store.rows(rows)
    [folder] = (home.state / "towns").glob("*/*/duckdb-*")
    shutil.rmtree(folder)

    def dies(connection: object, given: object, partial: Path, progress: object) -> None:
        (partial / "town_group_year.parquet").write_bytes(b"half")
        raise duckdb.OutOfMemoryException("could not allocate block")

    with monkeypatch.context() as patched:
        patched.setattr(kept_sums, "compute_on_duckdb", dies)
        with pytest.raises(WarehouseError, match="Allow more by YEARBOOK_MEMORY"):
            said(home, store)
    assert not folder.exists()
    assert said(home, store) == ["one"]
    assert store.rows(rows) == whole
    assert [each.name for each in folder.parent.glob("*duckdb-*")] == [folder.name]


def test_what_an_earlier_version_kept_as_a_table_becomes_a_view(
    home: Home,
    dataset_folder: Any,
    make_records: Callable[..., Records],
    build_store: Callable[[Home], Store],
) -> None:
    dataset_folder(home, "one").put_all(make_records(5, 12, 8))
    store = build_store(home)
    models = {model.name: model for model in load_models()}
    noun = "micro.town_group_year"
    rows = store.rows(f"from {noun} order by all")
    with store.transaction() as writes:
        writes.connection.execute(f"drop view {noun}; create table {noun} as select 1 as year")
        writes.connection.execute("create table micro.town_year as select 1 as year")
        models[noun].write(writes)
    assert store.rows(f"from {noun} order by all") == rows
    assert not store.exists("micro.town_year")  # its former name


def test_models_take_the_rows_of_spark_beside_those_of_duckdb(
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
        with pytest.raises(WarehouseError) as error:
            write_kept_sums(home, store, lambda line: None)
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
    intake = read_datasets(home, survey_datasets(home, {}).pending, lambda line: None, "code")
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
