"""Writing by name, all or nothing, and refusing what does not fit."""

import dataclasses
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.warehouse.connection import explained, kept_open, read_only
from assets.warehouse.errors import BadRows, TableChanged, WarehouseBusy, WarehouseError
from assets.warehouse.home import Home
from assets.warehouse.store import Store
from assets.warehouse.tables import writes as writing
from assets.warehouse.tables.catalog import columns_of
from assets.warehouse.tables.table import Column, Table
from benchmarks.prepared_process import PreparedProcess

Spawn = Callable[..., PreparedProcess]


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "city": ["Lanzhou", "Lanzhou", "Tianshui"],
            "year": [2018, 2019, 2018],
            "population_10k_persons": [375.36, 379.09, 335.49],
            "gross_product_100m_cny": [2732.94, None, 652.05],
            "note": [None, "preliminary", None],
        }
    )


SELECT = "select city, year, population_10k_persons, gross_product_100m_cny, note from raw.city"
ROWS = [
    ("Lanzhou", 2018, 375.36, 2732.94, None),
    ("Lanzhou", 2019, 379.09, None, "preliminary"),
    ("Tianshui", 2018, 335.49, 652.05, None),
]


def test_what_goes_in_comes_out(store: Store, city: Table, frame: pd.DataFrame) -> None:
    assert store.replace(city, frame) == 3
    assert store.rows(SELECT) == ROWS
    assert store.frame(f"{SELECT} where year = $year", {"year": 2019})["note"].to_list() == [
        "preliminary"
    ]


def test_the_declaration_is_in_the_file(store: Store, city: Table) -> None:
    store.ensure(city)
    spelled = [dataclasses.replace(c, type=c.type.replace("TEXT", "VARCHAR")) for c in city.columns]
    assert store.columns("raw.city") == tuple(spelled)
    assert store.rows("select comment from duckdb_tables()") == [(city.grain,)]
    with store.transaction() as writes, pytest.raises(duckdb.ConstraintException):
        writes.connection.execute(
            "insert into raw.city values ('x', 1, 1, 1, ''), ('x', 1, 1, 1, '')"
        )


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(columns=st.permutations(range(5)), rows=st.permutations(range(3)))
def test_columns_go_by_name_whatever_their_order(
    store: Store, city: Table, frame: pd.DataFrame, columns: list[int], rows: list[int]
) -> None:
    shuffled = frame.iloc[rows, columns]
    with kept_open():  # as a refresh has it
        store.replace(city, shuffled)
        assert store.rows(SELECT) == ROWS
        store.replace_where(city, shuffled[shuffled["year"] == 2018], {"year": 2018})
        assert sorted(store.rows(SELECT)) == sorted(ROWS)


WRONG: dict[str, tuple[Callable[[pd.DataFrame], pd.DataFrame], str]] = {
    "unknown column": (lambda f: f.assign(area_km2=1.0), "unknown column area_km2"),
    "missing column": (lambda f: f.drop(columns="note"), "missing column note"),
    "column twice": (lambda f: pd.concat([f, f[["note"]]], axis=1), "column note twice"),
    "name in capitals": (lambda f: f.rename(columns={"city": "City"}), "unknown column City"),
    "no rows": (lambda f: f.iloc[:0], "no rows"),
    "no columns": (lambda f: pd.DataFrame(), "no rows"),
    "NaN": (
        lambda f: f.assign(population_10k_persons=[1.0, float("nan"), 2.0]),
        r"column population_10k_persons: found an empty value in row 2 "
        r"\(city 'Lanzhou', year 2019\)",
    ),
    "NaN in a key": (
        lambda f: f.assign(city=f["city"].where(f["year"] == 2018)),
        "column city: found an empty",
    ),
    "half a year": (
        lambda f: f.assign(year=[2018.0, 2019.0, 2018.5]),
        r"column year: found 2018.5 in row 3 \(city 'Tianshui'",
    ),
    "text for a number": (
        lambda f: f.assign(population_10k_persons=["1.5", "2,5", "n/a"]),
        "column population_10k_persons: found '2,5' in row 2|found '1.5' in row 1",
    ),
    "year too large": (
        lambda f: f.assign(year=2**40 + f.index),
        "column year: found 1099511627776",
    ),
    "key twice": (lambda f: f.assign(year=2018), "2 rows have the key city 'Lanzhou', year 2018"),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("method", ["replace", "append", "replace_where"])
def test_what_does_not_fit_is_refused_and_nothing_changes(
    store: Store, city: Table, frame: pd.DataFrame, case: str, method: str
) -> None:
    spoil, message = WRONG[case]
    wrong = spoil(frame)
    key = {"key": {"note": "preliminary"}} if method == "replace_where" else {}
    with kept_open():  # as a refresh has it
        store.replace(city, frame)
        with pytest.raises(BadRows, match=message), store.transaction() as writes:
            getattr(writes, method)(city, wrong, **key)
        assert store.rows(SELECT) == ROWS


def test_who_catches_a_refusal_inside_a_transaction_does_not_commit_half(
    store: Store, city: Table, frame: pd.DataFrame
) -> None:
    store.replace(city, frame)
    wrong = frame.assign(year=2018.5)
    with store.transaction() as writes:
        with pytest.raises(BadRows):
            writes.replace(city, wrong)
        with pytest.raises(BadRows):
            writes.create_as("raw.city", "select 1 as a where false", "", {})
    assert store.rows(SELECT) == ROWS


def test_a_transaction_keeps_all_writes_or_none(
    store: Store, city: Table, frame: pd.DataFrame
) -> None:
    other = dataclasses.replace(city, name="raw.town")
    store.replace(city, frame)
    with pytest.raises(BadRows), store.transaction() as writes:  # noqa: PT012
        writes.replace(other, frame)
        writes.replace_where(city, frame.iloc[:1], {"city": "Lanzhou"})
        writes.append(city, frame.assign(year=2018.5))
    assert store.rows(SELECT) == ROWS
    assert not store.exists("raw.town")


def test_replace_where_touches_its_key_only(store: Store, city: Table, frame: pd.DataFrame) -> None:
    store.replace(city, frame)
    corrected = frame.iloc[[2]].assign(population_10k_persons=333.0)
    assert store.replace_where(city, corrected, {"city": "Tianshui"}) == 1
    assert store.rows(SELECT) == [*ROWS[:2], ("Tianshui", 2018, 333.0, 652.05, None)]
    with pytest.raises(BadRows, match="found 'Lanzhou' among rows that replace city = 'Tianshui'"):
        store.replace_where(city, frame, {"city": "Tianshui"})
    with pytest.raises(ValueError, match="does not name columns"):
        store.replace_where(city, frame, {})
    assert store.replace_where(city, pd.DataFrame(), {"city": "Tianshui"}, allow_empty=True) == 0
    assert store.rows(SELECT) == ROWS[:2]


def test_append_keeps_what_is_there(store: Store, city: Table, frame: pd.DataFrame) -> None:
    with store.transaction() as writes:
        writes.append(city, frame)
    with pytest.raises(BadRows, match=r"Duplicate key.*Lanzhou"), store.transaction() as writes:
        writes.append(city, frame.iloc[:1])
    with store.transaction() as writes:
        writes.append(city, frame.assign(year=frame["year"] + 10))
    assert store.rows("select count(*) from raw.city") == [(6,)]


def test_a_date_with_a_time_of_day_is_refused(store: Store) -> None:
    table = Table("raw.day", "one row per day", (Column("day", "DATE", "a day"),), ("day",))
    store.replace(table, pd.DataFrame({"day": [date(2019, 11, 20)]}))
    store.replace(table, pd.DataFrame({"day": pd.to_datetime(["2019-11-20"])}))
    assert store.rows("from raw.day") == [(date(2019, 11, 20),)]
    with pytest.raises(BadRows, match="column day"):
        store.replace(table, pd.DataFrame({"day": pd.to_datetime(["2019-11-20 08:00"])}))


def test_a_new_nullable_column_is_added_and_comments_follow(
    store: Store, city: Table, frame: pd.DataFrame
) -> None:
    store.replace(city, frame)
    columns = (
        Column("area_km2", "DOUBLE", "area, km2", nullable=True),
        dataclasses.replace(city.columns[0], comment="name in pinyin"),
        *city.columns[1:],
    )
    store.ensure(dataclasses.replace(city, columns=columns))
    assert store.rows(f"{SELECT} where area_km2 is null") == ROWS
    comments = {column.name: column.comment for column in store.columns("raw.city")}
    assert comments["city"] == "name in pinyin"
    assert comments["area_km2"] == "area, km2"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: dataclasses.replace(t, columns=t.columns[:4]), "column note is not declared"),
        (
            lambda t: dataclasses.replace(t, columns=(*t.columns, Column("area", "DOUBLE", ""))),
            "column area is missing",
        ),
        (
            lambda t: dataclasses.replace(
                t, columns=(*t.columns[:4], Column("note", "INTEGER", "", nullable=True))
            ),
            "column note is VARCHAR, declared INTEGER",
        ),
        (
            lambda t: dataclasses.replace(t, columns=(*t.columns[:4], Column("note", "TEXT", ""))),
            "column note is nullable",
        ),
        (lambda t: dataclasses.replace(t, primary_key=("city",)), r"declared \(city\)"),
    ],
)
def test_any_other_change_of_the_declaration_needs_a_decision(
    store: Store,
    city: Table,
    frame: pd.DataFrame,
    change: Callable[[Table], Table],
    message: str,
) -> None:
    store.replace(city, frame)
    with pytest.raises(TableChanged, match=message):
        store.ensure(change(city))
    assert store.rows(SELECT) == ROWS


def test_a_column_that_says_what_it_held_before_joins_the_key_of_rows_that_are_there(
    store: Store, city: Table, frame: pd.DataFrame
) -> None:
    store.replace(city, frame)
    key, *others = city.columns
    land = Column("land", "VARCHAR", "where", before=f"upper(old.{key.name})")
    grown = dataclasses.replace(
        city, columns=(key, land, *others), primary_key=(*city.primary_key, "land")
    )
    store.ensure(grown)
    assert store.rows(f"select * exclude (land) from {city.name} order by all") == ROWS
    assert all(
        name.upper() == land
        for name, land in store.rows(f"select {key.name}, land from {city.name}")
    )
    store.ensure(grown)  # and now it is the table that is declared
    with pytest.raises(TableChanged, match=r"(?s)land is not declared.*later version.*copy of"):
        store.ensure(city)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The names of tables of each look at the catalog."""
    found: list[list[str]] = []
    real = columns_of

    def noted(connection: duckdb.DuckDBPyConnection, names: list[str]) -> dict[str, list[Column]]:
        found.append(names)
        return real(connection, names)

    monkeypatch.setattr(writing, "columns_of", noted)
    return found


def test_while_a_file_stays_open_a_table_is_held_against_its_declaration_once(
    store: Store, city: Table, frame: pd.DataFrame, looks: list[list[str]]
) -> None:
    other = dataclasses.replace(city, name="raw.other")
    with kept_open():
        with store.transaction() as writes:
            writes.ensure(city, other)
        for year in (2018, 2019):
            rows = frame[frame["year"] == year]
            store.replace_where(city, rows, {"year": year})
            store.replace_where(other, rows, {"year": year})
        assert looks == [[city.name, other.name]]
        assert sorted(store.rows(SELECT)) == sorted(ROWS)
        grown = dataclasses.replace(
            city, columns=(*city.columns, Column("mayor", "VARCHAR", "name", nullable=True))
        )
        store.ensure(grown)  # another declaration is another look
        assert [column.name for column in store.columns(city.name)][-1] == "mayor"
        with pytest.raises(TableChanged, match="mayor is not declared"):
            store.ensure(city)
    store.ensure(grown)
    assert looks[-1] == [city.name]


def test_what_a_transaction_that_failed_made_is_not_taken_for_there(
    store: Store, city: Table, frame: pd.DataFrame
) -> None:
    with kept_open():
        store.replace(dataclasses.replace(city, name="raw.other"), frame)
        with suppress(ZeroDivisionError), store.transaction() as writes:
            writes.ensure(city)
            raise ZeroDivisionError
        assert not store.exists(city.name)
        with store.transaction() as writes:
            writes.append(city, frame)
        assert store.rows(SELECT) == ROWS
        store.replace(city, frame)
        store.replace_where(city, frame[frame["year"] == 2018], {"year": 2018})
        assert sorted(store.rows(SELECT)) == sorted(ROWS)


@pytest.mark.parametrize("name", ["raw.municipality", "other.municipality"])
def test_a_renamed_table_hands_its_rows_on(
    store: Store, city: Table, frame: pd.DataFrame, name: str
) -> None:
    store.replace(city, frame)
    renamed = dataclasses.replace(city, name=name, formerly=city.name)
    for _ in range(2):  # the second time it is the table that is declared
        store.ensure(renamed)
        assert store.rows(f"select * from {name} order by all") == ROWS
        assert not store.exists(city.name)
        assert [column.comment for column in store.columns(name)] == [
            column.comment for column in city.columns
        ]
    with pytest.raises(BadRows, match="key"), store.transaction() as writes:
        writes.append(renamed, frame)


def test_rows_made_anew_leave_no_table_under_the_former_name(
    store: Store, city: Table, frame: pd.DataFrame
) -> None:
    store.replace(city, frame)
    store.replace(dataclasses.replace(city, name="raw.municipality", formerly=city.name), frame)
    assert not store.exists(city.name)


def test_a_column_may_become_nullable_under_the_rows_that_are_there(
    store: Store, city: Table, frame: pd.DataFrame
) -> None:
    store.replace(city, frame)
    first = next(c for c in city.columns if not c.nullable and c.name not in city.primary_key)
    loosened = dataclasses.replace(
        city,
        columns=tuple(
            dataclasses.replace(c, nullable=True) if c is first else c for c in city.columns
        ),
    )
    store.ensure(loosened)
    assert store.rows(SELECT) == ROWS
    assert {c.name: c.nullable for c in store.columns(city.name)}[first.name]


def test_a_sql_model_becomes_a_table_with_comments(
    store: Store, city: Table, frame: pd.DataFrame
) -> None:
    store.replace(city, frame)
    sql = "-- people\nwith c as (from raw.city)\nselect year, count(*) as cities from c group by 1;"
    with store.transaction() as writes:
        assert writes.create_as("a.count", sql, "one row per year", {"cities": "count"}) == 2
    assert store.rows("from a.count") == [(2018, 2), (2019, 1)]
    assert store.columns("a.count")[1] == Column("cities", "BIGINT", "count", nullable=True)
    with pytest.raises(BadRows, match="lacks: people"), store.transaction() as writes:
        writes.create_as("a.count", sql, "", {"people": ""})
    with pytest.raises(BadRows, match="no row"), store.transaction() as writes:
        writes.create_as("a.count", "from raw.city where year = 0", "", {})
    assert store.rows("from a.count") == [(2018, 2), (2019, 1)]
    with store.transaction() as writes:
        assert (
            writes.create_as("a.none", "from raw.city where year = 0", "", {}, allow_empty=True)
            == 0
        )


def test_a_view_follows_its_table_and_is_described(store: Store, city: Table, frame) -> None:
    store.replace(city, frame)
    sql = "select year, count(*) as cities from raw.city group by year;"
    with store.transaction() as writes:
        assert writes.create_view("a.count", sql, "one row per year", {"cities": "count"}) == 2
    store.replace(city, frame[:2])  # made anew
    assert store.rows("select cities from a.count order by 1") == [(1,), (1,)]
    comments = "select comment from duckdb_columns() where table_name = 'count' order by all"
    assert store.rows(comments) == [("count",), (None,)]
    with pytest.raises(BadRows, match="people"), store.transaction() as writes:
        writes.create_view("a.count", sql, "", {"people": ""})
    with pytest.raises(BadRows, match="no row"), store.transaction() as writes:
        writes.create_view("a.count", "from raw.city where year = 0", "", {})
    assert store.rows("select comment from duckdb_views() where view_name = 'count'") == [
        ("one row per year",)
    ]
    with store.transaction() as writes:
        assert (
            writes.create_view("a.no", "from raw.city where year = 0", "", {}, allow_empty=True)
            == 0
        )


def test_a_python_variable_is_no_table(store: Store) -> None:
    stray = pd.DataFrame({"a": [1]})
    with store.transaction() as writes:
        execute = writes.connection.execute
        with pytest.raises(duckdb.CatalogException, match="stray does not exist"):
            execute("select * from stray")
    assert len(stray) == 1


def test_a_missing_file_is_an_error_and_is_not_created(home: Home, store: Store) -> None:
    with pytest.raises(WarehouseError, match="yearbook refresh"):
        store.rows("select 1")
    assert not store.exists("raw.city")
    assert not home.working.exists()


def test_whoever_only_looks_holds_up_no_writer(store: Store, home: Home, spawn: Spawn) -> None:
    with store.transaction() as writes:
        writes.create_as("a.one", "select 1 as n", "one row", {})
    looking = spawn("look", home, 0.3)
    looking.stdout.readline()
    with store.transaction() as writes:
        writes.create_as("a.one", "select 2 as n", "one row", {})
    assert looking.wait() == 0
    assert Store(home.working, looks_only=True).rows("from a.one") == [(2,)]


def test_whoever_only_looks_writes_nothing(store: Store, home: Home, city: Table) -> None:
    store.ensure(city)
    before = home.working.read_bytes()
    looks = Store(home.working, looks_only=True)
    assert looks.exists(city.name)
    with pytest.raises(duckdb.Error, match="read-only"), read_only(home.working) as connection:
        connection.execute("create table a (b int)")
    assert home.working.read_bytes() == before


def test_a_file_open_elsewhere_names_the_process(
    home: Home, store: Store, city: Table, frame: pd.DataFrame, spawn: Spawn
) -> None:
    store.replace(city, frame)
    process = spawn("hold_file", home, 60)
    process.stdout.readline()
    with pytest.raises(WarehouseBusy, match=f"process {process.pid} ") as busy:
        store.rows(SELECT)
    assert busy.value.holder.pid == process.pid


def test_no_connection_stays_open_after_an_error(home: Home, store: Store) -> None:
    with store.transaction() as writes:
        writes.create_as("a.b", "select 1 as i", "", {})
    for sql in ("select 1/'x'", "selec", "from nowhere"):
        with pytest.raises(duckdb.Error):
            store.rows(sql)
        with pytest.raises(duckdb.Error), store.transaction() as writes:
            writes.create_as("a.c", sql, "", {})
    files = Path("/proc/self/fd").iterdir()
    open_files = {os.readlink(file) for file in files if file.exists()}
    assert str(home.working) not in open_files


@pytest.mark.parametrize("reason", ["Read-only file system", "Permission denied"])
def test_a_file_that_may_not_be_written_is_told_with_the_remedy(store: Store, reason: str) -> None:
    # Whoever runs the tests may write everywhere, so that the error is DuckDB's words alone.
    said = f'IO Error: Cannot open file "{store.path}": {reason}'
    told = pytest.raises(WarehouseError, match=f"{reason}.*\\n.*Who refreshes must write in")
    with told, explained(store.path):
        raise duckdb.IOException(said)
