"""From records to town-years: sums against pandas, the rule, and what a panel can hold."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from assets.towns.panel.outcome_panel import load_panel
from assets.towns.panel.town_panel import NEVER, PanelError
from assets.warehouse.home import Home
from assets.warehouse.store import Store

BESIDE = Path(__file__).resolve().parents[4] / "shared" / "data" / "taobao"
Records = dict[str, pd.DataFrame]
Build = Callable[[Home], Store]


def test_sufficient_statistics_are_those_of_the_records(
    built: Store, make_records: Callable[..., Records]
) -> None:
    # The same 81 towns, grouped by pandas; 1e-9 relative for the order of the sums.
    records = make_records(2, 81, 25)
    seller = records["seller"].assign(
        opened=[day.year for day in records["seller"]["opened_on"]],
        gender=records["seller"]["gender"].fillna("gender_unknown"),
    )
    sales = records["seller_year"].merge(seller, on="seller_id")
    by_seller = sales.groupby("seller_id")
    sales["incumbent"] = (sales["opened"] < 2015) & (
        by_seller["sales_cny"].transform(lambda x: (x > 0).sum()) == 4
    )
    own = sales[sales["gender"] == "female"]
    log_sales = np.log(own["sales_cny"].where(own["incumbent"], 1.0))
    own = own.assign(log_sales=log_sales, square=log_sales**2)
    expected = own.groupby(["town_id", "year"]).agg(
        sellers=("seller_id", "size"), sales_cny=("sales_cny", "sum"), orders=("orders", "sum"),
        incumbents=("incumbent", "sum"), log_sales_sum=("log_sales", "sum"),
        log_sales_square_sum=("square", "sum"), top_seller_sales_cny=("sales_cny", "max"),
    )  # fmt: skip
    found = built.frame("select * from micro.town_group_year where seller_group = 'female'")
    found = found.set_index(["town_id", "year"]).loc[expected.index]
    for column in expected:
        assert found[column].to_numpy(float) == pytest.approx(
            expected[column].to_numpy(float), rel=1e-9
        ), column


def test_groups_and_areas_add_up(built: Store) -> None:
    rows = built.rows(
        "select level, year, sum(sellers) filter (seller_group = 'all'), "
        "sum(sellers) filter (seller_group in ('female', 'male', 'gender_unknown')), "
        "sum(sellers) filter (seller_group in ('young', 'not_young')) "
        "from micro.area_year group by all order by all"
    )
    assert len(rows) == 3 * 4
    for _, year, *sums in rows:
        [(records,)] = built.rows("select count(*) from micro.seller_year where year = ?", [year])
        assert sums == [records] * 3


def as_orders(records: Records) -> pd.DataFrame:
    """Orders of the very same sales: two completed ones a seller-year, and some that count not."""
    rows = []
    for seller, year, sales, orders in records["seller_year"].itertuples(index=False):
        if orders == 1:
            rows.append((seller, f"{year}-12-30", sales, "completed"))
        elif orders:
            rows += [(seller, f"{year}-12-28", sales / orders, "completed")] * int(orders)
        rows.append((seller, f"{year}-12-29", 77.0, "returned"))
        rows.append((seller, f"{year}-12-31", 99.0, "cancelled"))
    frame = pd.DataFrame(rows, columns=["seller_id", "ordered_on", "amount_cny", "status"])
    return frame.assign(order_id=np.arange(len(frame)))


def test_orders_and_annual_records_give_the_same_outcomes(
    home: Home,
    dataset_folder: Any,
    make_records: Callable[..., Records],
    build_store: Build,
) -> None:
    records = make_records(4, 3, 4)
    dataset_folder(home, "annual").put_all(records)
    order = as_orders(records)
    folder = dataset_folder(home, "orders")
    for year in (2015, 2016, 2017, 2018):
        of_year = order[order["ordered_on"].str.startswith(str(year))]
        folder.put("order", of_year, f"order/{year}-12.parquet")
    folder.put_all({name: records[name] for name in ("town", "seller")})
    store = build_store(home)
    rows = store.frame("select * from micro.town_outcome order by town_id, year, outcome")
    annual, orders = (rows[rows["dataset"] == name] for name in ("annual", "orders"))
    assert len(annual) > 50
    assert annual["sellers"].tolist() == orders["sellers"].tolist()
    assert annual["value"].tolist() == pytest.approx(orders["value"].tolist(), rel=1e-9)


def villages(rows: list[tuple[str, int, int]]) -> pd.DataFrame:
    """(town, year, how many villages are on its list)."""
    found = [(t, f"V{n}", year) for t, year, count in rows for n in range(count)]
    return pd.DataFrame(found, columns=["town_id", "village", "year"])


def sales_of(town: str, first: int, shops: int, each: float, years: range) -> Records:
    """Shops that sell the same every year."""
    ids = np.arange(first, first + shops)
    seller = pd.DataFrame(
        {"seller_id": ids, "town_id": town, "village": None, "gender": "female",
         "birth_year": 1980, "opened_on": "2012-01-01"}
    )  # fmt: skip
    annual = pd.DataFrame(
        [(i, year, each, 10) for i in ids for year in years],
        columns=["seller_id", "year", "sales_cny", "orders"],
    )
    return {"seller": seller, "seller_year": annual}


def certified(store: Store) -> dict[str, list[tuple[int, str]]]:
    rows = store.rows(
        "select town_id, year, by_rule from micro.town_certification "
        "where is_certified order by all"
    )
    return {town: [(y, rule) for t, y, rule in rows if t == town] for town, _, _ in rows}


def test_the_rules_by_year(
    home: Home, folder: Any, make_towns: Callable[..., pd.DataFrame], build_store: Build
) -> None:
    years = range(2016, 2022)
    big = sales_of("T001", 1000, 301, 100_000.0, years)  # 30.1 million yuan, 301 shops
    few = sales_of("T002", 2000, 300, 200_000.0, years)  # 60 million, not more than 300 shops
    district = sales_of("T006", 3000, 301, 100_000.0, years)  # as T001, but a sub-district
    folder.put(
        "taobao_village",
        villages([("T000", 2016, 3), ("T000", 2017, 2), ("T000", 2018, 4), ("T003", 2016, 2)]),
        "taobao_village.csv",
    )
    folder.put_all(
        {"town": make_towns(7)}
        | {name: pd.concat([big[name], few[name], district[name]]) for name in big}
    )
    store = build_store(home)
    assert certified(store) == {
        "T000": [(2016, "villages"), (2018, "villages")],
        "T001": [(year, "sales") for year in (2019, 2020, 2021)],
        "T006": [(2019, "sales")],
    }
    cohorts = store.rows(
        "select town_id, first_certified_year, lost_year, is_never from micro.town_cohort "
        "where town_id in ('T000', 'T001', 'T002', 'T006') order by 1"
    )
    assert cohorts == [
        ("T000", 2016, 2017, False),
        ("T001", 2019, None, False),
        ("T002", None, None, True),
        ("T006", 2019, 2020, False),
    ]


def test_villages_qualify_by_the_sales_of_the_year_before(
    home: Home, folder: Any, make_towns: Callable[..., pd.DataFrame], build_store: Build
) -> None:
    parts = [sales_of("T000", 1000 * v, 100, 100_000.0, range(2015, 2018)) for v in (1, 2, 3)]
    for number, part in enumerate(parts):
        part["seller"]["village"] = f"V{number}"
    short = parts[2]["seller_year"]
    short.loc[(short["year"] == 2016) & (short["seller_id"] == 3000), ["sales_cny", "orders"]] = 0
    folder.put_all(
        {"town": make_towns(2)}
        | {name: pd.concat([part[name] for part in parts]) for name in parts[0]}
    )
    # Each village has 100 shops and 10 million yuan; in 2016 one shop of V2 sells nothing.
    assert certified(build_store(home)) == {"T000": [(2016, "villages")]}


def test_the_rule_of_three_gives_the_real_lists(
    home: Home, folder: Any, make_towns: Callable[..., pd.DataFrame], build_store: Build
) -> None:
    if not BESIDE.is_dir():
        pytest.skip("the real lists are not beside the repository")
    with (BESIDE / "taobao_villages_2014_2016.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    name = ("province", "city", "county", "town")
    key = [tuple(row[part].removesuffix("市") for part in name) for row in listed]
    known = sorted(set(key))
    town = make_towns(len(known)).assign(is_subdistrict=False)
    number = {each: town["town_id"][place] for place, each in enumerate(known)}
    frame = pd.DataFrame(
        {
            "town_id": [number[each] for each in key],
            "village": [row["village"] for row in listed],
            "year": [int(row["year"]) for row in listed],
        }
    ).drop_duplicates()
    folder.put("taobao_village", frame, "taobao_village.csv")
    folder.put_all({"town": town, **sales_of("T000", 1, 5, 10.0, range(2014, 2017))})
    found = build_store(home).rows(
        "select year, count(*) from micro.town_certification "
        "where is_certified group by 1 order by 1"
    )
    assert found == [(2014, 19), (2015, 71), (2016, 135)]


def outcomes(values: dict[str, list[float]]) -> pd.DataFrame:
    return pd.DataFrame(
        [(t, 2015 + n, v, 7) for t, row in values.items() for n, v in enumerate(row)],
        columns=["town_id", "year", "value", "sellers"],
    )


def test_a_panel_names_every_town_it_leaves_out() -> None:
    rows = outcomes({t: [1.0, 2.0, 3.0] for t in "abcde"})
    rows = rows[(rows["town_id"] != "d") | (rows["year"] != 2016)]
    cohorts = pd.DataFrame(
        {
            "town_id": list("abcdef"),
            "first_certified_year": [2016, None, 2015, 2017, 2016, None],
            "lost_year": [None, None, None, None, 2017, None],
        }
    )
    loaded = load_panel(rows, cohorts)
    assert loaded.panel.town == ("a", "b")
    assert loaded.panel.first_treated_year.tolist() == [2016, NEVER]
    assert loaded.panel.weight.tolist() == [7, 7]
    assert [(one.town, one.reason) for one in loaded.left_out] == [
        ("c", "certified in 2015, no year before it in the panel"),
        ("d", "no value in 2016"),
        ("e", "lost the status in 2017"),
        ("f", "no value in 2015, 2016, 2017"),
    ]
    assert [one.kind for one in loaded.left_out] == [
        "certified from the first year on",
        "without a value in some year",
        "lost the status",
        "without a value in some year",
    ]
    stay = load_panel(rows, cohorts, lost_stay=True).panel
    assert stay.town == ("a", "b", "e")
    assert stay.first_treated_year.tolist() == [2016, NEVER, 2016]
    assert load_panel(rows, cohorts, weighted=False).panel.weight.tolist() == [1, 1]
    with pytest.raises(PanelError, match="no town can be in the panel"):
        load_panel(rows, cohorts[cohorts["town_id"] == "c"])


def test_the_outcomes_of_a_data_set_make_a_panel(built: Store) -> None:
    rows = built.frame("select * from micro.town_outcome where outcome = 'sales_total_cny'")
    loaded = load_panel(rows, built.frame("select * from micro.town_cohort"))
    assert loaded.panel.outcome.shape == (81, 4)
    assert not loaded.left_out
