"""Two attackers: one looks for a seller in all that is published, one subtracts totals.

The second (`disclosure_attack.py`) also gets what several releases showed of a year.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from assets.towns.records.disclosing import disclosure
from assets.towns.records.disclosing.disclosure import AreaYear, disclosure_rows
from assets.towns.records.disclosing.disclosure_attack import EXACT
from assets.towns.records.disclosing.disclosure_report import (
    attacked_years,
    changed_years,
    disclosure_page,
)
from assets.towns.records.disclosing.published_periods import differing_releases
from assets.warehouse.home import Home
from assets.warehouse.publish import publish
from assets.warehouse.queries import query_text
from assets.warehouse.store import Store
from benchmarks.town_disclosure import attack_on, tried_once


@pytest.fixture(scope="module")
def published(built: Store, tmp_path_factory: pytest.TempPathFactory) -> Any:
    home = Home(tmp_path_factory.mktemp("published")).prepare()
    home.working.write_bytes(built.path.read_bytes())
    release = publish(home, "0001-aaaaaaaa")
    with duckdb.connect(release.path, read_only=True) as connection:
        yield connection


def tables(connection: Any) -> list[str]:
    rows = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() union all "
        "select schema_name || '.' || view_name from duckdb_views() where not internal"
    ).fetchall()
    return [name for (name,) in rows]


def test_the_private_schema_is_not_in_the_file(published: Any) -> None:
    names = tables(published)
    assert not [name for name in names if name.startswith("micro.")]
    assert "towns.town_year" in names
    path = published.execute(
        "select path from duckdb_databases() where path is not null"
    ).fetchone()
    content = open(path[0], "rb").read()  # noqa: SIM115
    assert b"micro" not in content
    assert b".parquet'" not in content


def test_no_seller_is_in_any_column_of_any_published_table(published: Any, built: Store) -> None:
    sellers = built.frame("select seller_id, sales_cny, orders from micro.seller_year")
    secret = {*sellers["seller_id"].tolist(), *sellers["sales_cny"].round(2).tolist()} - {0.0}
    sellers_in_all = sellers["seller_id"].nunique()
    for name in tables(published):
        frame = published.execute(f"from {name}").df()
        assert len(frame) not in (sellers_in_all, len(sellers)), name
        for column in frame:
            values = pd.to_numeric(frame[column], errors="coerce").dropna().round(2)
            found = set(values.tolist()) & secret
            assert not found, f"{name}.{column} holds {sorted(found)[:3]} of single sellers"


def test_no_published_figure_rests_on_fewer_than_five_or_on_one(
    published: Any, built: Store
) -> None:
    rows = built.frame(query_text("towns/area_year")).set_index(
        ["level", "area", "year", "seller_group"]
    )
    shown = published.execute(
        "select 'town' as level, town_id as area, year, seller_group, sellers, sales_cny "
        "from towns.town_year where not is_suppressed union all "
        "select 'county', province || '/' || prefecture || '/' || county, year, seller_group, "
        "sellers, sales_cny from towns.county_year where not is_suppressed union all "
        "select 'province', province, year, seller_group, sellers, sales_cny "
        "from towns.province_year where not is_suppressed"
    ).df()
    assert len(shown) > 500
    joined = shown.join(
        rows[["active_sellers", "top_seller_sales_cny"]],
        on=["level", "area", "year", "seller_group"],
    )
    some = joined[joined["sellers"] > 0]
    assert (some["active_sellers"] >= 5).all()
    assert (some["top_seller_sales_cny"] <= 0.5 * some["sales_cny"]).all()
    withheld = published.execute("from towns.town_year where is_suppressed").df()
    assert withheld[["sellers", "sales_cny", "orders"]].isna().all().all()


def attacked(store: Store, year: int, measure: str) -> pd.DataFrame:
    """Every unsafe figure of the year with the interval the attacker finds."""
    figures = [
        each for each in store.read(AreaYear, query_text("towns/area_year")) if each.year == year
    ]
    attack, unsafe = attack_on([figures], [disclosure_rows(figures)], measure)
    found = [
        (place, value, attack.interval(state, place)) for (state, place), value in unsafe.items()
    ]
    assert {place for place, value, each in found if each.is_narrow(value, EXACT)} == {
        place for _, place in attack.narrow(unsafe)
    }
    return pd.DataFrame(
        [(place, value, each.low, each.high) for place, value, each in found],
        columns=["key", "value", "low", "high"],
    )


@pytest.mark.parametrize("measure", ["sellers", "sales_cny"])
def test_subtraction_leaves_every_unsafe_figure_open(built: Store, measure: str) -> None:
    found = attacked(built, 2016, measure)
    towns = found[[key[0] == "town" for key in found["key"]]]
    assert len(towns) > 20
    tolerance = 1e-6 * towns["value"] + 1e-6
    assert (towns["low"] <= 0.5 * towns["value"] + tolerance).all()
    if measure == "sellers":
        assert (towns["high"] - towns["low"] >= 5 - 1e-6).all()
    else:  # twice the largest part that a published total leaves
        assert (towns["high"] - towns["low"] >= 0.5 * towns["value"] - tolerance).all()


def test_the_attack_succeeds_where_only_unsafe_figures_are_withheld(
    built: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disclosure._Hiding, "_protect_below", lambda self, parent: None)
    found = attacked(built, 2016, "sales_cny")
    exact = found["high"] - found["low"] <= 1e-4 * found["value"] + 1e-4
    assert exact.sum() >= 5
    assert np.allclose(found["low"][exact], found["value"][exact], rtol=1e-4, atol=1e-3)


def rows_of(*towns: tuple[str, str, int, float]) -> list[tuple[Any, ...]]:
    """One province of counties; each town (county, name, sellers, sales of each seller)."""
    rows: list[tuple[Any, ...]] = []

    def add(level: str, area: str, parent: str, sellers: int, sales: float, top: float) -> None:
        figures = (sellers, sellers, top, sales, 10 * sellers)
        nobody = (0, 0, 0.0, 0.0, 0)
        key = ("d", 2016, level, area, parent)
        rows.extend((*key, group, *figures) for group in ("all", "male", "not_young"))
        rows.extend((*key, group, *nobody) for group in ("female", "gender_unknown", "young"))

    for county, name, sellers, each in towns:
        add("town", name, county, sellers, sellers * each, each)
    for county in {county for county, *_ in towns}:
        own = [(n, n * each, each) for c, _, n, each in towns if c == county]
        add(
            "county",
            county,
            "P",
            sum(n for n, _, _ in own),
            sum(s for _, s, _ in own),
            max(top for _, _, top in own),
        )
    add(
        "province",
        "P",
        "nation",
        sum(n for _, _, n, _ in towns),
        sum(n * each for _, _, n, each in towns),
        max(each for *_, each in towns),
    )
    return rows


def hidden_totals(rows: list[tuple[Any, ...]]) -> set[str]:
    return {
        each.area
        for each in disclosure_rows(AreaYear(*row) for row in rows)
        if each.seller_group == "all" and not each.is_published
    }


def test_one_small_town_takes_its_smallest_neighbour_along() -> None:
    rows = rows_of(("A", "a1", 3, 10.0), ("A", "a2", 8, 10.0), ("A", "a3", 30, 10.0))
    assert hidden_totals(rows) == {"a1", "a2"}


def test_a_town_alone_in_its_county_takes_the_county_along() -> None:
    rows = rows_of(
        ("A", "a1", 3, 10.0), ("B", "b1", 9, 10.0), ("B", "b2", 40, 10.0), ("C", "c1", 50, 10.0)
    )
    # A's total would be a1's; so a1 and A go, and with them the smallest other county and town
    assert hidden_totals(rows) == {"a1", "A", "B", "b1"}


def test_a_seller_that_dominates_is_unsafe_among_many() -> None:
    rows = rows_of(("A", "a1", 9, 10.0), ("A", "a2", 9, 10.0), ("A", "a3", 30, 10.0))
    assert hidden_totals(rows) == set()
    giant = [(*row[:8], 60.0, *row[9:]) if row[3] == "a1" and row[6] else row for row in rows]
    assert hidden_totals(giant) >= {"a1", "a2"}


def test_nobody_is_no_secret() -> None:
    assert hidden_totals(rows_of(("A", "a1", 0, 0.0), ("A", "a2", 8, 10.0))) == set()


def test_without_data_nothing_is_withheld() -> None:
    assert disclosure_rows([]) == []


def test_a_seller_cannot_be_picked_out_of_two_years(
    built: Store, build_store: Callable[..., Store]
) -> None:
    # Each year is protected alone: what one year shows of a town and the next withholds is no
    # figure of the next. Only the number of shops links years, and it says nothing of sales.
    rows = built.rows(
        "select count(*) from towns.town_year as now join towns.town_year as before using "
        "(dataset, town_id, seller_group) where before.year = now.year - 1 "
        "and now.sellers = before.sellers + 1 and now.sales_cny - before.sales_cny in "
        "(select sales_cny from micro.seller_year)"
    )
    assert rows == [(0,)]


@pytest.mark.parametrize("releases", [2, 3])
def test_releases_kept_cannot_be_subtracted(releases: int) -> None:
    tried = [tried_once(seed, releases, is_standing=True) for seed in range(6)]
    assert sum(each.unsafe for each in tried) > 50
    assert sum(each.exact for each in tried) == 0


def test_the_attack_succeeds_where_every_release_is_decided_alone() -> None:
    tried = [tried_once(seed, 2, is_standing=False) for seed in range(6)]
    assert sum(each.exact for each in tried) >= 3


def test_what_is_published_of_a_year_stands_whatever_the_records_say_by_then(
    home: Home,
    folder: Any,
    build_store: Callable[[Home], Store],
    make_records: Callable[..., dict[str, pd.DataFrame]],
) -> None:
    records = make_records(3, 18, 12)
    before_2018 = records["seller_year"][records["seller_year"]["year"] < 2018]
    folder.put_all({**records, "seller_year": before_2018})
    build_store(home)
    publish(home, "0001-aaaaaaaa")
    first = totals_shown(home)
    # a re-issue: one year more, ten shops added to a town that was hidden, one shop taken away
    folder.put_all(reissued(records, hidden_town(home)))
    store = build_store(home)
    publish(home, "0002-bbbbbbbb")
    second = totals_shown(home)
    assert set(second["year"]) == set(first["year"]) | {2018}
    pd.testing.assert_frame_equal(
        second[second["year"] < 2018].reset_index(drop=True), first, check_dtype=False
    )
    told = store.rows(
        "select distinct reason from micro.area_disclosure where is_standing and not is_published"
    )
    assert ("protects others",) in told
    assert ("not kept",) not in told
    assert differing_releases(home) == []
    with store.transaction() as writes:  # as a version would that decides each release alone
        writes.connection.execute("update towns.town_year set orders = 1 where year = 2016")
    publish(home, "0003-cccccccc")
    found = [(each.path.name, each.dataset, each.years) for each in differing_releases(home)]
    assert found == [
        ("warehouse-0001-aaaaaaaa.duckdb", "made_up", (2016,)),
        ("warehouse-0002-bbbbbbbb.duckdb", "made_up", (2016,)),
    ]


def totals_shown(home: Home) -> pd.DataFrame:
    with duckdb.connect(home.published, read_only=True) as connection:
        return connection.execute(query_text("towns/standing")).df()


def hidden_town(home: Home) -> str:
    shown = totals_shown(home)
    hidden = shown[(shown["level"] == "town") & ~shown["is_published"]]
    return str(hidden["area"].iloc[0])


def reissued(records: dict[str, pd.DataFrame], town: str) -> dict[str, pd.DataFrame]:
    seller, annual = records["seller"], records["seller_year"]
    gone = seller["seller_id"].iloc[0]
    new = seller[seller["town_id"] == seller["town_id"].iloc[-1]].head(1)
    added = pd.concat([new.assign(seller_id=990_000 + i, town_id=town) for i in range(10)])
    sold = pd.DataFrame(
        {"seller_id": added["seller_id"], "year": 2018, "sales_cny": 5e4, "orders": 500}
    )
    years = pd.concat([sold.assign(year=year) for year in (2016, 2017, 2018)])
    years = years[years["year"] >= added["opened_on"].iloc[0].year]
    return {
        **records,
        "seller": pd.concat([seller[seller["seller_id"] != gone], added], ignore_index=True),
        "seller_year": pd.concat([annual[annual["seller_id"] != gone], years], ignore_index=True),
    }


def test_the_report_counts_reasons_and_tells_a_figure_that_is_given_away() -> None:
    towns = ("A", "a1", 3, 10.0), ("A", "a2", 8, 10.0), ("A", "a3", 30, 10.0)
    figures = [AreaYear(*row) for row in rows_of(*towns)]
    shown = disclosure_rows(figures)
    reasons = {row.area: row.reason for row in shown if row.seller_group == "all"}
    assert (reasons["a1"], reasons["a2"], reasons["a3"]) == ("few sellers", "protects others", None)
    assert [each.exact for each in attacked_years(figures, shown)] == [0, 0, 0]
    # as if what protects a1 were shown
    given = [
        replace(row, is_published=True) if row.reason == "protects others" else row for row in shown
    ]
    assert all(each.exact > 0 for each in attacked_years(figures, given))
    assert changed_years(figures, shown) == []
    more = [replace(each, sellers=each.sellers + 1) for each in figures]
    assert changed_years(more, shown) == [2016]
    page = "\n".join(disclosure_page("d", shown, attacked_years(figures, given), [2016], []))
    assert "| towns.town_year | 2016 |" in page
    assert "other totals of 2016" in page
