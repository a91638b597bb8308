"""Kept sums of orders: whatever came and went before, they are those of the orders there are."""

import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from assets.towns.records import order_sums
from assets.towns.records.dataset_intake import files_in_force, read_datasets
from assets.towns.records.dataset_survey import datasets_before, survey_datasets
from assets.towns.records.dataset_writing import (
    forget_gone_datasets,
    remove_kept_of_before,
    write_datasets,
)
from assets.towns.records.order_sums import Orders, order_sums_folder, write_order_sums
from assets.towns.records.order_year_view import write_order_year
from assets.warehouse.home import Home
from assets.warehouse.queries import query_text
from assets.warehouse.store import Store

Records = dict[str, pd.DataFrame]
Build = Callable[[Home], Store]
SUMS = "select * exclude (not_before) from micro.order_year order by all"
JUDGED = (Path(__file__).parents[3] / "sql/frames/order_record.sql").read_text(encoding="utf-8")
TOO_LATE = """
    select count(*) from micro.order_year as kept
    where not_before > (
        select min(ordered_on) from micro.order_record as orders
        where orders.seller_id = kept.seller_id and year(ordered_on) = kept.year
    )
"""
PRIVATE = "from micro.town_group_year order by all"


def orders(rng: np.random.Generator, sellers: pd.DataFrame, month: int, days: int = 28) -> Any:
    """Some 60 orders of a month, whole fen and odd amounts; `days` may reach into the next one."""
    count = int(rng.integers(40, 80))
    day = pd.Timestamp(2015 + month // 12, 1 + month % 12, 1)
    amounts = np.where(rng.random(count) < 0.7, rng.integers(1, 10**6, count) / 100, rng.random())
    return pd.DataFrame(
        {
            "order_id": month * 1000 + rng.permutation(count),
            "seller_id": rng.choice(sellers["seller_id"].to_numpy(), count),
            "ordered_on": [day + pd.Timedelta(days=int(d)) for d in rng.integers(0, days, count)],
            "amount_cny": np.maximum(amounts, 0.01),
            "status": rng.choice(["completed", "returned", "cancelled"], count, p=[0.8, 0.1, 0.1]),
        }
    )


def taken_in(home: Home) -> Store:
    """The working file after one more refresh of what waits."""
    store = Store(home.working)
    waiting = survey_datasets(home, datasets_before(home, store)).pending
    intake = read_datasets(
        home, waiting, lambda line: None, "code", files_in_force(home, store, "code")
    )
    assert not intake.refused, intake.refused[0].message
    write_datasets(home, store, intake)
    forget_gone_datasets(home, store, ["made_up"], [])
    write_order_year(home, store)
    remove_kept_of_before(home, store)
    return store


def change(rng: np.random.Generator, folder: Any, records: Records) -> str:
    """One of the things that happen to months, at random; says which."""
    there = [one["file"] for one in folder.files if one["contract"] == "order"]
    month = int(rng.integers(0, 40))
    file = f"order/{2015 + month // 12}-{1 + month % 12:02d}.parquet"
    happens = str(rng.choice(["month", "month", "two months", "gone", "moved"]))
    if happens == "gone" and len(there) > 2:
        gone = rng.choice(there)
        folder.files = [one for one in folder.files if one["file"] != gone]
        (folder.path / gone).unlink()
    elif happens == "moved":
        seller = records["seller"]
        seller.loc[int(rng.integers(len(seller))), "town_id"] = str(rng.choice(seller["town_id"]))
        folder.put("seller", seller)
    else:  # new, or issued again
        days = 28 if happens == "month" else 59
        folder.put("order", orders(rng, records["seller"], month, days), file)
    folder.sign()
    return happens


@pytest.fixture
def records(make_records: Callable[..., Records]) -> Records:
    found = make_records(5, 6, 6)
    found["seller"]["opened_on"] = "2014-06-01"
    found["seller"].loc[1::5, "opened_on"] = "2016-03-20"  # some sold before they opened
    return {name: found[name] for name in ("town", "seller")}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_kept_sums_are_those_of_all_orders_whatever_happened(
    home: Home, folder: Any, records: Records, build_store: Build, tmp_path: Path, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    for month in (0, 1, 14, 30):
        file = f"order/{2015 + month // 12}-{1 + month % 12:02d}.parquet"
        folder.put("order", orders(rng, records["seller"], month), file)
    folder.put_all(records)
    store = taken_in(home)
    for step in range(7):
        happened = change(rng, folder, records)
        store = taken_in(home)
        anew = Home(tmp_path / f"anew {step}").prepare()
        shutil.copytree(folder.path, anew.landing / "towns" / "made_up")
        of_all = taken_in(anew)
        assert store.rows(SUMS) == of_all.rows(SUMS), happened
        assert sorted(store.rows(JUDGED)) == sorted(of_all.rows(JUDGED)), happened
        assert store.rows(TOO_LATE) == [(0,)], happened
        assert len(list((home.state / "towns").glob("*/*"))) == 1  # what went takes no room
    assert build_store(home).rows(PRIVATE) == build_store(anew).rows(PRIVATE)


def test_a_month_that_passed_is_not_read_to_be_judged(
    home: Home, folder: Any, records: Records
) -> None:
    rng = np.random.default_rng(4)
    records["seller"]["opened_on"] = "2014-06-01"
    for month in (0, 1):
        folder.put("order", orders(rng, records["seller"], month), f"order/{month}.parquet")
    folder.put_all(records)
    store = taken_in(home)
    number = len(store.rows("from micro.order_record"))
    judged = [
        ("made_up", "mostly_completed", 0, number),
        ("made_up", "not_before_opening", 0, number),
    ]
    for file in (home.state / "towns").rglob("order/*.parquet"):
        with duckdb.connect() as connection:  # the columns are there, and no order any more
            connection.execute(f"create table gone as from '{file}' limit 0")
            connection.execute(f"copy gone to '{file}'")
    assert store.rows("from micro.order_record") == []
    assert sorted(store.rows(JUDGED)) == judged


def test_orders_older_than_their_shop_are_counted_one_by_one(
    home: Home, folder: Any, records: Records
) -> None:
    order = orders(np.random.default_rng(5), records["seller"], 13)
    folder.put("order", order, "order/2016-02.parquet")
    folder.put(
        "order", orders(np.random.default_rng(6), records["seller"], 20), "order/later.parquet"
    )
    folder.put_all(records)
    [early] = [row for row in taken_in(home).rows(JUDGED) if row[1] == "not_before_opening"]
    late = records["seller"].loc[records["seller"]["opened_on"] == "2016-03-20", "seller_id"]
    assert early[2] == order["seller_id"].isin(late).sum() > 0


def test_sales_are_the_sum_of_the_amounts_to_the_last_digit(
    home: Home, folder: Any, records: Records, build_store: Build
) -> None:
    rng = np.random.default_rng(7)
    order = orders(rng, records["seller"], 3)
    order["seller_id"] = records["seller"]["seller_id"][0]
    folder.put("order", order, "order/2015-04.parquet")
    folder.put_all(records)
    [(sales, count)] = build_store(home).rows("select sales_cny, orders from micro.seller_year")
    completed = order[order["status"] == "completed"]["amount_cny"]
    assert sales == math.fsum(completed)
    assert count == len(completed)


def test_one_more_month_reads_its_orders_and_no_others(
    home: Home, folder: Any, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(8)
    for month in (0, 1, 14):
        folder.put("order", orders(rng, records["seller"], month), f"order/{month}.parquet")
    folder.put_all(records)
    taken_in(home)
    read = []
    add = order_sums._add

    def noted(connection: Any, dataset: str, sign: int, paths: list[Path]) -> None:
        read.extend((sign, path.name) for path in paths)
        add(connection, dataset, sign, paths)

    monkeypatch.setattr(order_sums, "_add", noted)
    folder.put("order", orders(rng, records["seller"], 15), "order/15.parquet")
    folder.sign()
    taken_in(home)
    assert read == [(1, "15.parquet")]
    read.clear()
    folder.put("order", orders(rng, records["seller"], 15), "order/15.parquet")  # issued again
    folder.sign()
    taken_in(home)
    assert read == [(1, "15.parquet"), (-1, "15.parquet")]


def test_months_of_a_year_are_added_up_together_and_apart_from_other_years(
    home: Home, folder: Any, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(10)
    for month, days in ((0, 28), (1, 28), (11, 59), (14, 28)):  # one file reaches into 2016
        folder.put(
            "order", orders(rng, records["seller"], month, days), f"order/{month:02}.parquet"
        )
    folder.put_all(records)
    together = []
    add = order_sums._add

    def noted(connection: Any, dataset: str, sign: int, paths: list[Path]) -> None:
        together.append([path.name for path in paths])
        add(connection, dataset, sign, paths)

    monkeypatch.setattr(order_sums, "_add", noted)
    of_files = "select year(ordered_on), count(*) from micro.order_record group by 1 order by 1"
    store = taken_in(home)
    assert [each for each in together if each] == [
        ["00.parquet", "01.parquet"],
        ["11.parquet"],
        ["14.parquet"],
    ]
    kept = "select year, sum(records) from micro.order_year group by 1 order by 1"
    assert store.rows(kept) == store.rows(of_files)


def test_a_kill_leaves_no_sums_that_are_believed(
    home: Home, folder: Any, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(9)
    for month in (0, 14):
        folder.put("order", orders(rng, records["seller"], month), f"order/{month}.parquet")
    folder.put_all(records)
    store = taken_in(home)
    [(path, of)] = files_in_force(home, store, "code").items()
    sums = order_sums_folder(of.folder)
    before = store.rows(SUMS)
    shutil.rmtree(sums)  # as another version of the program leaves them
    monkeypatch.setattr(order_sums, "_write_years", lambda *given: exec("raise KeyboardInterrupt"))
    with pytest.raises(KeyboardInterrupt):
        write_order_year(home, store)
    assert not sums.exists()
    monkeypatch.undo()
    write_order_year(home, store)
    assert store.rows(SUMS) == before
    assert [each.name for each in of.folder.glob("*order_year*")] == [sums.name]
    assert path == "made_up"


@pytest.mark.parametrize("seed", [1, 2])
def test_sums_in_doubles_are_those_of_whole_numbers_also_where_doubles_do_not_hold_them(
    tmp_path: Path, records: Records, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    order = orders(rng, records["seller"], 0).assign(status="completed")
    large = order["seller_id"].to_numpy()[rng.permutation(len(order))[:6]]
    order["amount_cny"] = np.where(
        order["seller_id"].isin(large[:3]), 7e10 + rng.random(len(order)), order["amount_cny"]
    )
    path = tmp_path / "order.parquet"
    of_one = f"{large[5]}, date '2015-01-03', 0.99999 - number / 1e10, 'completed'"
    many = f"(select number, {of_one} from range(300_000) as numbers (number))"
    with duckdb.connect() as connection:
        connection.register("given", order)
        rows = f"(select * replace (ordered_on::date as ordered_on) from given) union all {many}"
        connection.execute(f"copy (from {rows}) to '{path}' (format parquet)")
        write_order_sums(
            connection,
            Orders("made_up", {"order": path}),
            tmp_path,
            tmp_path / "steps",
            lambda line: None,
        )
        of_large = connection.execute("select count(*) from micro.large_seller_year").fetchall()
        whole = connection.execute(f"from ({query_text('towns/order_year')}) order by all")
        expected = whole.fetchall()
        found = connection.execute(
            f"from read_parquet('{order_sums_folder(tmp_path)}/*.parquet') order by all"
        ).fetchall()
    assert found == expected
    assert of_large == [(len({*large[:3], large[5]}),)]
    assert of_large[0][0] < len(expected)
    assert max(row[7] for row in found) > 2**53  # more small parts than a double holds


def test_sums_beyond_any_money_are_refused(tmp_path: Path, records: Records) -> None:
    order = orders(np.random.default_rng(1), records["seller"], 0).assign(
        amount_cny=5e12, seller_id=1, status="completed"
    )
    with duckdb.connect() as connection:
        connection.register("given", order)
        connection.execute(
            f"copy (select * replace (ordered_on::date as ordered_on) from given) "
            f"to '{tmp_path}/order.parquet'"
        )
        with pytest.raises(Exception, match="less than 7e13 yuan"):
            write_order_sums(
                connection,
                Orders("made_up", {"order": tmp_path / "order.parquet"}),
                tmp_path,
                tmp_path / "steps",
                lambda line: None,
            )
