"""A table stands only where making it again would give the same rows, in the same order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.vintages.kept_results import code_digest
from assets.vintages.kept_tables import Made, make_of_tables
from assets.vintages.table_content import content_query
from assets.warehouse.connection import kept_open
from assets.warehouse.home import Home
from assets.warehouse.store import Store
from assets.warehouse.tables.writes import Writes

# Each is made of raw.a and raw.b in one of the ways that models read: a sum of doubles, which hangs
# on their order, since 1e16 takes in no number below one; rows as they come, through a view; and
# what is made of another one of them.
MODELS = {
    "staging.total": ("select sum(value) as total, count(*) as n from raw.a", ("raw.a",)),
    "staging.lines": ("select id, value from raw.a union all select * from raw.b", ("raw.both",)),
    "staging.joined": (
        "select a.id, lines.value from staging.lines as lines join raw.a as a using (id)",
        ("raw.a", "staging.lines"),
    ),
}


@dataclass
class Pipeline:
    """A working file, and the tables that are made in it."""

    home: Home
    code: str = "0"
    full: bool = False
    beside: str = ""
    made: list[str] = field(default_factory=list)  # in the last run
    _found: dict[Any, Any] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        return Store(self.home.working)

    def once(self, find: Callable[[], Any]) -> Any:
        if find not in self._found:
            self._found[find] = self.code if find is code_digest else find()
        return self._found[find]

    def run(self) -> dict[str, Made]:
        """One run: every table made, or standing."""
        self.made = []
        self._found.clear()
        return {name: self.make(name) for name in MODELS}

    def make(self, name: str) -> Made:
        sql, made_of = MODELS[name]

        def make(writes: Writes) -> None:
            self.made.append(name)
            writes.create_as(name, sql, "", {}, allow_empty=True, sort=False)

        return make_of_tables(cast("Any", self), name, made_of, make, self.beside)

    def execute(self, sql: str, parameters: list[object] | None = None) -> None:
        with self.store.transaction() as writes:
            writes.connection.execute(sql, parameters)


def pipeline(root: Path) -> Pipeline:
    made = Pipeline(Home(root).prepare())
    made.execute("create schema raw; create schema staging")
    for name in "ab":
        made.execute(
            f"create table raw.{name} as "
            "select i as id, if(i = 0, 1e16, 1 / (i + 3)) as value from range(9) t(i)"
        )
    made.execute("create view raw.both as from raw.a union all from raw.b")
    return made


def rows(store: Store, name: str) -> list[tuple[Any, ...]]:
    """In the order in which they lie."""
    return store.rows(f"from {name}")


def as_made_now(store: Store, name: str) -> list[tuple[Any, ...]]:
    return store.rows(MODELS[name][0])


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Pipeline]:
    with kept_open():
        yield pipeline(tmp_path)


CHANGES = {
    "a value": "update raw.a set value = value * 2 where id = ?",
    "a value to what is not there": "update raw.b set value = null where id = ?",
    "the sign of a zero": "create or replace table raw.b as "
    "select id, if(id = ?, '-0.0', '0.0')::double as value from raw.b",
    "a row more": "insert into raw.b values (?, 0.5)",
    "a row twice": "insert into raw.a select * from raw.a where id = ?",
    "a row less": "delete from raw.a where id = ?",
    "rows in another order": "create or replace table raw.a as from raw.a order by hash(id + ?)",
    "an order of both": "create or replace view raw.both as from raw.b union all from raw.a "
    "where id >= 0",
    "the table itself": "update staging.lines set value = -1 where id = ?",
    "the table away": "drop table staging.total",
    "what is kept away": "delete from kept.made_table where made = 'staging.lines'",
    "nothing": "select ?",
}


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*CHANGES, "code", "beside", "full"]), st.integers(0, 8), st.booleans()
        ),
        max_size=5,
    )
)
def test_what_stands_is_what_would_be_made(changes: list[tuple[str, int, bool]]) -> None:
    with TemporaryDirectory() as folder, kept_open():
        here = pipeline(Path(folder))
        here.run()
        for change, number, runs in changes:
            here.full = change == "full"
            if change == "code":
                here.code += "1"
            elif change == "beside":
                here.beside += "1"
            elif change in CHANGES and (
                change != "the table away" or here.store.exists("staging.total")
            ):
                sql = CHANGES[change]
                here.execute(sql, [number] if "?" in sql else None)
            if runs:
                here.run()
        here.full = False
        here.run()
        for name in MODELS:
            assert repr(rows(here.store, name)) == repr(as_made_now(here.store, name)), name
        assert {name for name, now in here.run().items() if now.stands} == {*MODELS}


@pytest.mark.parametrize("change", ["code", "beside", "full"])
def test_all_are_made_again(made: Pipeline, change: str) -> None:
    made.run()
    made.run()
    assert made.made == []
    made.code, made.beside = ("1", "") if change == "code" else ("0", "1"[: change == "beside"])
    made.full = change == "full"
    made.run()
    assert made.made == [*MODELS]


def test_only_what_hangs_on_a_change_is_made_again(made: Pipeline) -> None:
    made.run()
    made.execute("insert into raw.b values (99, 0.5)")
    now = made.run()
    # The line of 99 is in no row of raw.a, so that the join is made, and gives what it gave.
    assert made.made == ["staging.lines", "staging.joined"]
    assert now["staging.total"] == Made(rows=1, stands=True)
    assert now["staging.lines"] == Made(rows=19, stands=False)
    assert now["staging.total"].told() == {"dagster/row_count": 1, "unchanged": True}
    assert now["staging.lines"].told() == {"dagster/row_count": 19}


def test_order_alone_makes_a_table_again(made: Pipeline) -> None:
    """A sum of doubles in another order may be another one."""
    made.run()
    before = rows(made.store, "staging.total")
    made.execute("create or replace table raw.a as from raw.a order by id desc")
    made.run()
    assert made.made == [*MODELS]
    assert rows(made.store, "staging.total") == as_made_now(made.store, "staging.total") != before


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("double", "0", "'-0.0'"),  # one over them is another number
        ("double[]", "[0]", "['-0.0'::double]"),
        ("integer[]", "null", "[]"),
        ("struct(a integer)", "null", "{'a': null}"),
        ("varchar", "null", "'NULL'"),
        ("varchar[]", "['a, b']", "['a', 'b']"),
    ],
)
def test_what_is_equal_and_not_the_same_makes_a_table_again(
    made: Pipeline, kind: str, before: str, after: str
) -> None:
    digests = set()
    for value in (before, after):
        made.execute(f"create or replace table raw.a as select 1 as id, {value}::{kind} as value")
        digests |= {*made.store.rows(content_query("raw.a"))}
    assert len(digests) == 2


def test_a_table_whose_making_fails_is_as_it_was_and_made_next_time(made: Pipeline) -> None:
    made.run()
    before = rows(made.store, "staging.total")
    made.execute("update raw.a set value = 0")
    made._found.clear()

    def fail(writes: Writes) -> None:
        writes.connection.execute("delete from staging.total")
        raise RuntimeError("the disk is gone")

    with pytest.raises(RuntimeError, match="the disk is gone"):
        make_of_tables(cast("Any", made), "staging.total", ("raw.a",), fail)
    assert rows(made.store, "staging.total") == before
    made.run()
    assert rows(made.store, "staging.total") == [(0.0, 9)]
