"""Sums of sellers after orders changed: those of all records to the bit, though few were read."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from assets.towns.records import kept_sums
from assets.towns.records.dataset_intake import checker, files_in_force, read_datasets
from assets.towns.records.dataset_survey import datasets_before, kept_folder, survey_datasets
from assets.towns.records.dataset_writing import remove_kept_of_before, write_datasets
from assets.towns.records.engines.duckdb_sums import compute_on_duckdb
from assets.towns.records.engines.record_steps import RESULTS, kept_view
from assets.towns.records.kept_sums import write_kept_sums
from assets.towns.records.order_year_view import write_order_year
from assets.warehouse.connection import in_memory
from assets.warehouse.home import Home
from assets.warehouse.store import Store

Records = dict[str, pd.DataFrame]
TOWNS = 24
MONTHS = range(36)
ODD = 3  # sellers of a month who were not there before, or are there no more


def refreshed(home: Home) -> tuple[Store, str]:
    """The working file after one more refresh of what waits, and how it added up."""
    store = Store(home.working)
    waiting = survey_datasets(home, datasets_before(home, store)).pending
    force = files_in_force(home, store, "code")
    intake = read_datasets(home, waiting, lambda line: None, "code", force)
    assert not intake.refused, intake.refused[0].message
    write_datasets(home, store, intake)
    write_order_year(home, store)
    lines: list[str] = []
    write_kept_sums(home, store, lines.append)
    remove_kept_of_before(home, store)
    assert len(list((home.state / "towns").glob("*/*"))) == 1
    return store, "\n".join(lines)


def kept_rows(store: Store) -> dict[str, list[Any]]:
    return {result: store.rows(f"from {kept_view(result)} order by all") for result in RESULTS}


def rows_of_all(home: Home, store: Store, folder: Path) -> dict[str, list[Any]]:
    """What adding up all records at once gives."""
    [(dataset, content)] = store.rows("select dataset, content_sha256 from raw.town_dataset")
    given = kept_sums._given(store, dataset, kept_folder(home, dataset, content))
    folder.mkdir()
    with checker(home) as connection:
        compute_on_duckdb(connection, given, folder, lambda line: None)
    found = {}
    with in_memory() as connection:
        for result in RESULTS:
            rows = f"from read_parquet('{folder}/{result}.parquet') order by all"
            found[result] = connection.execute(rows).fetchall()
    shutil.rmtree(folder)
    return found


def orders_of(rng: np.random.Generator, sellers: Any, month: int) -> pd.DataFrame:
    """Two orders of each seller in a month, but of a few; odd amounts."""
    absent = rng.choice(sellers, ODD, replace=False)
    count = 2 * (len(sellers) - ODD)
    return pd.DataFrame(
        {
            "order_id": month * 100_000 + rng.permutation(count),
            "seller_id": np.repeat(np.setdiff1d(sellers, absent), 2),
            "ordered_on": date(2015 + month // 12, 1 + month % 12, 7),
            "amount_cny": np.exp(rng.normal(5, 2, count)) + 0.01,
            "status": np.where(rng.random(count) < 0.9, "completed", "returned"),
        }
    )


def file_of(month: int) -> str:
    return f"order/{2015 + month // 12}-{1 + month % 12:02d}.parquet"


def change(rng: np.random.Generator, folder: Any, records: Records) -> str:
    """One of the things that happen to orders, at random; says which."""
    sellers = records["seller"]["seller_id"].to_numpy()
    there = [one["file"] for one in folder.files if one["contract"] == "order"]
    happens = str(rng.choice(["month", "month", "month", "gone", "few", "moved", "year"]))
    month = int(rng.choice(MONTHS))
    if happens == "gone" and len(there) > 2:
        gone = str(rng.choice(there))
        folder.files = [one for one in folder.files if one["file"] != gone]
        (folder.path / gone).unlink()
    elif happens == "few":  # a year of which little is left: many come or go
        folder.put("order", orders_of(rng, sellers[:7], month), file_of(month))
    elif happens == "moved":
        row = int(rng.integers(len(sellers)))
        records["seller"].loc[row, "town_id"] = str(rng.choice(records["town"]["town_id"]))
        folder.put("seller", records["seller"])
    elif happens == "year":
        month = int(rng.choice([-5, 41]))  # before and after the others
        folder.put("order", orders_of(rng, sellers, month), file_of(month))
    else:
        folder.put("order", orders_of(rng, sellers, month), file_of(month))
    folder.sign()
    return happens


@pytest.fixture
def records(make_records: Callable[..., Records]) -> Records:
    """Sellers with annual records of a year beside orders of later ones."""
    found = make_records(11, TOWNS, 5)
    opened = pd.to_datetime(found["seller"]["opened_on"]).clip(upper=pd.Timestamp(2013, 5, 5))
    found["seller"]["opened_on"] = opened.dt.date
    found["seller"].loc[::9, "opened_on"] = date(2016, 3, 20)  # some orders are older
    sellers = found["seller"]["seller_id"].to_numpy()
    found["seller_year"] = pd.DataFrame(
        {"seller_id": sellers[1::2], "year": 2013, "sales_cny": 777.77, "orders": 3}
    )
    return found


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_sums_are_those_of_all_records_to_the_bit(
    home: Home, folder: Any, records: Records, tmp_path: Path, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    if seed % 2:
        del records["seller_year"]
    sellers = records["seller"]["seller_id"].to_numpy()
    for month in (0, 5, 13, 20, 27, 30):
        folder.put("order", orders_of(rng, sellers, month), file_of(month))
    folder.put_all(records)
    refreshed(home)
    ways = []
    for step in range(9):
        happened = change(rng, folder, records)
        store, said = refreshed(home)
        ways.append("all years of" in said)
        assert "left aside" not in said
        assert kept_rows(store) == rows_of_all(home, store, tmp_path / "all"), (step, happened)
    assert 0 < sum(ways) < len(ways)  # both ways were tried


def test_sums_that_cannot_be_read_are_made_anew(
    home: Home, folder: Any, records: Records, tmp_path: Path
) -> None:
    rng = np.random.default_rng(1)
    sellers = records["seller"]["seller_id"].to_numpy()
    for month in (0, 13, 27):
        folder.put("order", orders_of(rng, sellers, month), file_of(month))
    folder.put_all(records)
    refreshed(home)
    [history] = (home.state / "towns").glob("*/*/duckdb-*/seller_history.parquet")
    history.write_bytes(history.read_bytes()[:500])
    folder.put("order", orders_of(rng, sellers, 28), file_of(28))
    folder.sign()
    store, said = refreshed(home)
    assert "left aside, all is added up" in said
    assert kept_rows(store) == rows_of_all(home, store, tmp_path / "all")
