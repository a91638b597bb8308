"""Data sets from landing to raw tables and private views: what is refused, and what it leaves."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.extracts.errors import DocumentError
from assets.extracts.landed.survey import find_cards, landed_documents
from assets.towns.records.dataset_card import read_dataset_card
from assets.towns.records.dataset_intake import DatasetIntake, files_in_force, read_datasets
from assets.towns.records.dataset_survey import (
    datasets_before,
    kept_folder,
    landed_datasets,
    survey_datasets,
)
from assets.towns.records.dataset_writing import (
    forget_gone_datasets,
    remove_kept_of_before,
    write_datasets,
)
from assets.towns.records.verifying import alone
from assets.towns.records.verifying.together import _counted, _different, _ends
from assets.vintages.fingerprint import input_fingerprint
from assets.warehouse.home import Home
from assets.warehouse.store import Store
from assets.warehouse.tables.table import Column
from assets.warehouse.unchanged import known_files

Records = dict[str, pd.DataFrame]


def take_in(home: Home) -> DatasetIntake:
    store = Store(home.working)
    waiting = survey_datasets(home, datasets_before(home, store)).pending
    intake = read_datasets(home, waiting, lambda line: None, "code")
    write_datasets(home, store, intake)
    return intake


def refusal(home: Home) -> str:
    intake = take_in(home)
    assert not intake.accepted
    [refused] = intake.refused
    return refused.message


@pytest.fixture
def records(make_records: Callable[..., Records]) -> Records:
    return make_records(3, 4, 4)


def test_records_are_views_and_lists_are_tables(home: Home, folder: Any, records: Records) -> None:
    folder.put_all(records)
    assert len(take_in(home).accepted) == 1
    store = Store(home.working)
    assert store.rows("select dataset, simulated from raw.town_dataset") == [("made_up", True)]
    for name, contract in (("raw.town", "town"), ("micro.seller", "seller")):
        assert store.rows(f"select count(*) from {name}") == [(len(records[contract]),)]
    [(sales,)] = store.rows("select sum(sales_cny) from micro.annual_record")
    assert sales == pytest.approx(records["seller_year"]["sales_cny"].sum(), rel=1e-12)
    assert store.rows("select * from micro.order_record") == []
    assert store.rows(
        "select from_year, min_villages, min_sales_cny, subdistricts_count "
        "from raw.town_certification_regime order by 1"
    ) == [(2014, 3, None, True), (2019, 3, 3e7, True), (2020, 3, 3e7, False)]


def test_no_reader_of_documents_looks_at_data_sets(
    home: Home, folder: Any, records: Records
) -> None:
    folder.put_all(records)
    assert [each.key for each in landed_datasets(home)] == ["towns/made_up"]
    assert landed_documents(home.landing) == ()
    assert find_cards(home.landing) == []


def test_nothing_new_is_no_work_and_a_touched_file_is_nothing_new(
    home: Home, folder: Any, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_files, "_SETTLED_NS", -1)  # as if all had changed long ago
    folder.put_all(records)
    take_in(home)
    store = Store(home.working)
    monkeypatch.setattr(
        "assets.towns.records.dataset_survey.file_sha256", lambda path: pytest.fail(f"{path} read")
    )
    survey = survey_datasets(home, datasets_before(home, store))
    assert [each.key for each in survey.unchanged] == ["towns/made_up"]
    monkeypatch.undo()
    for path in folder.path.iterdir():
        os.utime(path, (1, 1))
    assert not survey_datasets(home, datasets_before(home, store)).pending


def test_one_more_month_is_the_only_file_looked_at_alone(
    home: Home, folder: Any, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    def month(name: str, seller: int) -> None:
        order = pd.DataFrame(
            {"order_id": [int(name.replace("-", ""))], "seller_id": [seller], "amount_cny": 10.0,
             "ordered_on": f"{name}-05", "status": "completed"}
        )  # fmt: skip
        folder.put("order", order, f"order/{name}.parquet")

    known = int(records["seller"]["seller_id"][0])
    month("2019-01", known)
    folder.put_all(records)
    take_in(home)
    store = Store(home.working)
    looked_at = []
    require_bytes = alone._require_bytes
    monkeypatch.setattr(
        alone,
        "_require_bytes",
        lambda file, path, shown: looked_at.append(file.file) or require_bytes(file, path, shown),
    )

    def again() -> DatasetIntake:
        waiting = survey_datasets(home, datasets_before(home, store)).pending
        looked_at.clear()
        intake = read_datasets(
            home, waiting, lambda line: None, "code", files_in_force(home, store, "code")
        )
        write_datasets(home, store, intake)
        forget_gone_datasets(home, store, ["made_up"], [])
        remove_kept_of_before(home, store)
        return intake

    month("2019-02", known)
    folder.sign()
    assert not again().refused
    assert looked_at == ["order/2019-02.parquet"]
    assert store.rows("select month(ordered_on) from micro.order_record order by 1") == [(1,), (2,)]
    assert len(list((home.state / "towns").glob("*/*"))) == 1  # the files of before are this one's

    month("2019-03", 5)  # a stranger, who is found among all
    folder.sign()
    assert "5 is in no record of contract seller" in again().refused[0].message
    month("2019-03", known)
    folder.sign()
    path = folder.path / "order" / "2019-01.parquet"
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))  # no more what the card says
    assert "order/2019-01.parquet: its sha256 is" in again().refused[0].message


def orders(sellers: Records, ids: list[int], day: str) -> pd.DataFrame:
    """An order of a known seller with each number."""
    of = sellers["seller"]["seller_id"].to_numpy()
    return pd.DataFrame(
        {"order_id": ids, "seller_id": [of[i % len(of)] for i in ids], "amount_cny": 10.0,
         "ordered_on": day, "status": "completed"}
    )  # fmt: skip


def _twice(folder: Any, records: Records) -> None:
    folder.put("order", orders(records, [5, 30], "2019-03-01"), "order/2019-03.parquet")


def _again_under_another_name(folder: Any, records: Records) -> None:
    folder.put("order", orders(records, [3, 5, 9], "2019-01-01"), "order/2019-03.parquet")


def _without_its_seller(folder: Any, records: Records) -> None:
    folder.put("seller", records["seller"][:3])
    folder.put("seller_year", records["seller_year"][:1])


def _told_by_annual_records(folder: Any, records: Records) -> None:
    annual = records["seller_year"].assign(year=records["seller_year"]["year"] + 4)
    folder.put("seller_year", annual)


def _told_by_orders(folder: Any, records: Records) -> None:
    folder.put("order", orders(records, [30], "2015-03-01"), "order/2015-03.parquet")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_twice, "order_id 5 stands there for the second time, after row 2 of order/2019-01"),
        (_again_under_another_name, "order_id 3 stands there for the second time"),
        (_without_its_seller, "is in no record of contract seller"),
        (_told_by_annual_records, "orders and annual records both tell of 2019"),
        (_told_by_orders, "orders and annual records both tell of 2015"),
    ],
)
def test_files_verified_before_are_held_against_new_ones(
    home: Home,
    folder: Any,
    records: Records,
    change: Callable[[Any, Records], None],
    said: str,
) -> None:
    folder.put("order", orders(records, [3, 5, 9], "2019-01-01"), "order/2019-01.parquet")
    folder.put("order", orders(records, [4, 6], "2019-02-01"), "order/2019-02.parquet")
    folder.put_all(records)
    take_in(home)
    store = Store(home.working)
    change(folder, records)
    folder.sign()
    waiting = survey_datasets(home, datasets_before(home, store)).pending
    messages = [
        read_datasets(home, waiting, lambda line: None, "code", verified).refused[0].message
        for verified in (files_in_force(home, store, "code"), {})
    ]
    assert said in messages[0]
    assert messages[0] == messages[1]  # as if none had been looked at before


def test_a_changed_byte_is_refused_and_leaves_the_old_records(
    home: Home, folder: Any, records: Records
) -> None:
    folder.put_all(records)
    take_in(home)
    store = Store(home.working)
    before = store.rows("select sum(sales_cny) from micro.annual_record")
    path = folder.path / "seller_year.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    message = refusal(home)
    assert "landing/towns/made_up/seller_year.parquet: its sha256 is" in message
    assert store.rows("select sum(sales_cny) from micro.annual_record") == before
    assert store.rows("select source, edition from raw.quarantine") == [("towns", "made_up")]
    survey = survey_datasets(home, datasets_before(home, store))
    assert [each.key for each in survey.refused] == ["towns/made_up"]  # not tried again
    folder.put_all(records)
    assert len(take_in(home).accepted) == 1
    assert store.rows("select * from raw.quarantine") == []


def test_what_was_published_stands_when_its_folder_is_gone(
    home: Home, folder: Any, records: Records
) -> None:
    folder.put_all(records)
    take_in(home)
    store = Store(home.working)
    shutil.rmtree(folder.path)
    forget_gone_datasets(home, store, [], ["made_up"])
    remove_kept_of_before(home, store)
    assert store.rows("select count(*) > 0 from micro.seller") == [(True,)]
    forget_gone_datasets(home, store, [], [])
    remove_kept_of_before(home, store)
    assert store.rows("select count(*) from micro.seller") == [(0,)]
    assert not list((home.state / "towns").glob("*/*"))


def test_kept_files_that_are_lost_are_kept_anew(home: Home, folder: Any, records: Records) -> None:
    folder.put_all(records)
    [accepted] = take_in(home).accepted
    kept = kept_folder(home, "made_up", accepted.content_sha256)
    shutil.rmtree(kept)
    assert len(take_in(home).accepted) == 1
    assert kept.is_dir()


INFINITE = float("inf")


@pytest.mark.parametrize(
    ("contract", "column", "value", "parts"),
    [
        ("seller_year", "sales_cny", -5.0, ("seller_year.parquet", "'-5.0'", "zero yuan or more")),
        ("seller_year", "sales_cny", INFINITE, ("'inf'", "zero yuan or more")),
        ("seller_year", "seller_id", 5, ("5 is in no record of contract seller", "seller.parquet")),
        ("seller", "town_id", "T999", ("seller.parquet", "T999 is in no record of contract town")),
        ("seller", "town_id", None, ("no value",)),
        ("seller", "gender", "F", ("'F'", "female, male or nothing")),
        ("town", "latitude_deg", INFINITE, ("'inf'", "a finite number")),
    ],
)
def test_a_bad_value_is_refused_with_its_place(
    home: Home,
    folder: Any,
    records: Records,
    contract: str,
    column: str,
    value: object,
    parts: tuple[str, ...],
) -> None:
    records[contract].loc[3, column] = value
    folder.put_all(records)
    message = refusal(home)
    for part in (f"column {column}, row 4", *parts):
        assert part in message, message


def test_a_key_twice_is_refused_with_both_places(home: Home, folder: Any, records: Records) -> None:
    frame = records["seller_year"]
    records["seller_year"] = pd.concat([frame, frame.iloc[[1]]], ignore_index=True)
    folder.put_all(records)
    message = refusal(home)
    assert f"row {len(frame) + 1}: seller_id" in message
    assert "for the second time, after row 2 of seller_year.parquet" in message


def test_columns_and_types_are_exactly_those_of_the_contract(
    home: Home, folder: Any, records: Records
) -> None:
    folder.put_all(records)
    path = folder.path / "seller_year.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select seller_id::integer as seller_id, year, sales_cny as sales, orders "
            f"from '{path}') to '{path}.new' (format parquet)"
        )
    os.replace(f"{path}.new", path)
    folder.sign()
    message = refusal(home)
    assert "column sales_cny is missing; column sales is not in the contract; " in message
    assert "column seller_id is INTEGER, not BIGINT" in message


def test_a_csv_value_of_another_type_is_refused(home: Home, folder: Any, records: Records) -> None:
    folder.put("town", records.pop("town"), "town.csv")
    path = folder.path / "town.csv"
    path.write_text(path.read_text().replace("100.1", "100°6'"))
    folder.put_all(records)
    assert "town.csv, cell column longitude_deg, row 2: found '100°6''" in refusal(home)


def test_orders_and_annual_records_of_one_year_are_refused(
    home: Home, folder: Any, records: Records
) -> None:
    order = {
        "order_id": 1,
        "seller_id": records["seller"]["seller_id"][0],
        "ordered_on": "2016-05-05",
        "amount_cny": 10.0,
        "status": "completed",
    }
    folder.put("order", pd.DataFrame([order]), "order/2016-05.parquet")
    folder.put_all(records)
    assert "orders and annual records both tell of 2016" in refusal(home)


def test_rules_of_a_data_set_take_the_place_of_the_real_ones(
    home: Home, folder: Any, records: Records
) -> None:
    rule: dict[str, Any] = {
        "from_year": 2014,
        "to_year": 2016,
        "min_villages": None,
        "min_sales_cny": 1e6,
        "min_active_shops": 5,
        "subdistricts_count": True,
        "village_min_sales_cny": 1e5,
        "village_min_active_shops": 2,
    }
    later = {**rule, "from_year": 2018, "to_year": None}
    folder.put("regime", pd.DataFrame([rule, later]), "regime.csv")
    folder.put_all(records)
    assert "it ends 2016 and the next begins in 2018" in refusal(home)
    folder.put("regime", pd.DataFrame([rule, {**later, "from_year": 2017}]), "regime.csv")
    folder.sign()
    take_in(home)
    assert Store(home.working).rows(
        "select from_year, to_year, min_sales_cny from raw.town_certification_regime order by 1"
    ) == [(2014, 2016, 1e6), (2017, None, 1e6)]


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"simulation": None}, "simulation states the seed where simulated is true"),
        ({"certification": "listed"}, "a certification file belongs to certification: listed"),
        ({"colour": "red"}, "field colour: no such field is known"),
        ({"files": []}, "field files"),
        ({"dataset": "another"}, "the card says 'another', its folder is called 'made_up'"),
        ({"title": ""}, "field title"),
    ],
)
def test_a_bad_card_is_refused_with_its_field(
    home: Home, folder: Any, records: Records, changes: dict[str, Any], part: str
) -> None:
    folder.put_all(records)
    folder.sign(**changes)
    with pytest.raises(DocumentError) as refused:
        read_dataset_card(folder.path)
    assert str(refused.value).startswith("landing/towns/made_up/card.yaml")
    assert part in str(refused.value)
    assert part in refusal(home)


def test_a_file_lies_beside_its_card(home: Home, folder: Any, records: Records) -> None:
    folder.put_all(records)
    for file in ("../seller.parquet", "/etc/seller.parquet", "a/b/c.parquet"):
        folder.sign(files=[{**folder.files[0], "file": file}, *folder.files[1:]])
        with pytest.raises(DocumentError, match=r"field files\.0\.file"):
            read_dataset_card(folder.path)


def test_a_data_set_changes_the_fingerprint_of_the_inputs() -> None:
    document = ("yearbook", 2018, "a")
    assert input_fingerprint([document]) != input_fingerprint([document, ("towns", "x", "b")])


def test_a_seller_between_the_known_ones_is_refused(
    home: Home, folder: Any, records: Records
) -> None:
    middle = int(records["seller"]["seller_id"].median())
    for name in ("seller", "seller_year"):
        records[name]["seller_id"] += records[name]["seller_id"] > middle
    records["seller_year"].loc[3, "seller_id"] = middle + 1  # nobody's
    folder.put_all(records)
    assert f"{middle + 1} is in no record of contract seller" in refusal(home)


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as one_for_all_examples:
        yield one_for_all_examples


@given(
    pairs=st.lists(st.tuples(st.integers(-40, 40), st.integers(2012, 2016)), min_size=1),
    apart=st.sampled_from([1, 3, 10**6, 10**17]),
)
def test_different_values_are_counted_or_it_is_said_that_they_are_not(
    database: duckdb.DuckDBPyConnection, pairs: list[tuple[int, int]], apart: int
) -> None:
    frame = pd.DataFrame([(seller * apart, year) for seller, year in pairs], columns=["s", "y"])
    columns = [Column("s", "BIGINT", ""), Column("y", "INTEGER", "")]
    with database.cursor() as connection:
        connection.register("frame", frame)
        select = "select s::bigint as s, y::integer as y from frame"
        for some in (columns, columns[:1], columns[1:]):
            rows, different = _counted(connection, some, select)
            assert rows == len(frame)
            right = len(frame[[column.name for column in some]].drop_duplicates())
            if apart == 1 and len(frame) > 6:
                assert different == right
            assert different in (right, None)
        rows, ends = _ends(connection, columns[:1], select)
        [(name, low, high)] = ends
        if high > low:  # the least lies beyond these
            assert _different(connection, [(name, low + 1, high)], rows, select) is None
