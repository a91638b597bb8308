"""A result is taken over only where computing it again would give the same rows."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, cast

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.extracts.meaning.registry import indicators, regions
from assets.vintages import kept_results
from assets.vintages.current import append_results
from assets.vintages.failures import Failures, Refusal
from assets.vintages.fingerprint import definition_fingerprint, library_versions
from assets.vintages.keys import OfVintage
from assets.warehouse.connection import kept_open, let_go, read_only, writable
from assets.warehouse.home import HOME_VARIABLE, Home
from assets.warehouse.store import Store
from assets.warehouse.tables.row import as_frame
from assets.warehouse.tables.table import Table
from assets.warehouse.unchanged.reads import read_file

INPUTS = ("a", "b", "c")
CODE, VERSIONS = cache(definition_fingerprint), cache(library_versions)


@pytest.fixture(autouse=True)
def _as_in_a_run(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A file stays open, and what the code is is found once: to find it takes a fifth of a second.

    What is found, and when it is another, is tested in `test_fingerprint.py`.
    """
    monkeypatch.setattr(kept_results, "definition_fingerprint", CODE)
    monkeypatch.setattr(kept_results, "library_versions", VERSIONS)
    with kept_open():
        yield


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow(
    OfVintage, table="model.line", grain="one row per vintage and line", key=("vintage", "line")
):
    """What a step made of what it read."""

    line: Annotated[int, "running number"]
    said: Annotated[str | None, "a value read"]


Step = Callable[[Store, Path, Failures], list[str | None]]


@dataclass
class Pipeline:
    """Three input tables, a file, one step, and vintages published or not."""

    home: Home
    step: Step
    full: bool = False
    published: list[str] = field(default_factory=list)
    vintages: int = 0
    computed: int = 0
    taken_over: str | None = None

    @property
    def store(self) -> Store:
        return Store(self.home.working)

    def once(self, find: Callable[[], str]) -> str:
        return find()

    def published_rows(self, sql: str) -> list[tuple[str]]:
        return [(name,) for name in self.published]

    def materialized(
        self, tables: tuple[Table, ...], taken_over: str | None, entries: object
    ) -> Iterator[str]:
        self.taken_over = taken_over
        yield from ()

    def refresh(self, publishes: bool = True) -> list[tuple[Any, ...]]:
        """A new vintage; returns the step's rows of it."""
        self.vintages += 1
        name = f"{self.vintages:04d}-f00d"
        with self.store.transaction() as writes:
            writes.connection.execute(
                "delete from model.vintage where vintage not in (select unnest(?::varchar[]))",
                [self.published],
            )
            writes.connection.execute("insert into model.vintage values (?)", [name])

        def results(failures: Failures) -> dict[Table, pd.DataFrame]:
            self.computed += 1
            said = self.step(self.store, self.home.root, failures)
            rows = [LineRow(vintage=name, line=n, said=one) for n, one in enumerate(said)]
            return {LineRow.table: as_frame(LineRow, rows)}

        log = logging.getLogger("test")
        list(append_results(cast("Any", self), cast("Any", log), (LineRow.table,), results))
        if publishes:
            self.published.append(name)
        return self.rows(name)

    def rows(self, vintage: str) -> list[tuple[Any, ...]]:
        sql = "select line, said from model.line where vintage = ? order by line"
        return self.store.rows(sql, [vintage])

    def execute(self, sql: str, parameters: list[object] | None = None) -> None:
        with self.store.transaction() as writes:
            writes.connection.execute(sql, parameters)


def pipeline(root: Path, step: Step) -> Pipeline:
    made = Pipeline(Home(root).prepare(), step)
    made.execute("create schema raw; create schema model")
    made.execute("create table model.vintage (vintage varchar)")
    for name in INPUTS:
        made.execute(
            f"create table raw.{name} as select i as id, i * 1.5 as value from range(3) t(i)"
        )
    return made


def all_ways(store: Store, root: Path, failures: Failures) -> list[str | None]:
    """A step that reads in every way, and reads one thing or another by what it read before."""
    frame = store.frame("select * from raw.a")
    said = [repr(value) for value in frame["value"].tolist()]
    where = "b" if len(frame) % 2 else "c"
    for (number,) in store.rows(f"select id from raw.{where} where id >= ? order by id", [1]):
        said += map(
            repr, store.rows(f"select value from raw.{where} where id = $id", {"id": number})
        )
    content = read_file(root, "landing/truth.txt")
    said.append(None if content is None else content.decode())
    with failures.entry("a", "the sum"):
        if frame["value"].sum() < 0:
            raise Refusal("a sum below zero")
    return said


def only_a(store: Store, root: Path, failures: Failures) -> list[str | None]:
    return [repr(row) for row in store.rows("from raw.a")]


VALUES = st.one_of(st.none(), st.integers(-3, 3), st.floats(-9, 9, width=16))
CHANGES = st.one_of(
    st.tuples(st.just("set"), st.sampled_from(INPUTS), st.integers(0, 2), VALUES),
    st.tuples(st.just("add"), st.sampled_from(INPUTS), st.integers(3, 9), VALUES),
    st.tuples(st.just("delete"), st.sampled_from(INPUTS), st.integers(0, 9), st.none()),
    st.tuples(st.just("file"), st.sampled_from("xy"), st.none(), st.none()),
    st.tuples(st.just("no file"), st.none(), st.none(), st.none()),
    st.tuples(st.just("tamper"), st.none(), st.none(), st.none()),
    st.tuples(st.just("nothing"), st.none(), st.none(), st.none()),
)


def change(made: Pipeline, what: str, where: Any, place: Any, value: Any) -> None:
    file = made.home.landing / "truth.txt"
    if what == "set":
        made.execute(f"update raw.{where} set value = ? where id = ?", [value, place])
    elif what == "add":
        made.execute(f"insert into raw.{where} values (?, ?)", [place, value])
    elif what == "delete":
        made.execute(f"delete from raw.{where} where id = ?", [place])
    elif what == "file":
        file.write_text(where)
    elif what == "no file":
        file.unlink(missing_ok=True)
    elif what == "tamper" and made.store.exists("model.line"):
        made.execute("update model.line set said = 'changed by hand' where line = 0")


@settings(max_examples=25, deadline=None)
@given(changes=st.lists(st.tuples(CHANGES, st.booleans()), min_size=1, max_size=8))
def test_what_is_taken_over_is_what_would_be_computed(
    changes: list[tuple[tuple[str, Any, Any, Any], bool]],
) -> None:
    with TemporaryDirectory() as folder:
        made = pipeline(Path(folder), all_ways)
        made.refresh()
        for each, publishes in changes:
            change(made, *each)
            computed_before = made.computed
            found = made.refresh(publishes)
            failures = Failures("again", "model.line")
            again = all_ways(made.store, made.home.root, failures)
            assert found == list(enumerate(again))
            assert (made.taken_over is None) == (made.computed > computed_before)
            kept = made.store.rows(
                "select reason from model.failure where vintage = ?",
                [f"{made.vintages:04d}-f00d"],
            )
            assert kept == [(row.reason,) for row in failures.rows]
        let_go(made.home.working)


def test_where_nothing_it_reads_changed_a_step_is_not_computed(tmp_path: Path) -> None:
    made = pipeline(tmp_path, all_ways)
    first = made.refresh()
    made.execute("update raw.c set value = 100")  # not read: a has three rows
    assert made.refresh() == first
    assert (made.computed, made.taken_over) == (1, "0001-f00d")
    assert made.rows("0001-f00d") == first
    made.refresh()
    assert (made.computed, made.taken_over) == (1, "0002-f00d")
    made.full = True
    made.refresh()
    assert (made.computed, made.taken_over) == (2, None)


def test_the_same_rows_in_another_order_are_computed(tmp_path: Path) -> None:
    made = pipeline(tmp_path, only_a)
    made.refresh()
    made.execute("create or replace table raw.a as from raw.a order by id desc")
    assert made.refresh()[0][1] == "(2, Decimal('3.0'))"


def test_other_code_computes_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = pipeline(tmp_path, only_a)
    made.refresh()
    monkeypatch.setattr(kept_results, "library_versions", lambda: {"numpy": "99"})
    made.refresh()
    assert made.computed == 2
    monkeypatch.setattr(kept_results, "definition_fingerprint", lambda: "other code")
    made.refresh()
    assert made.computed == 3


def asks_what_is_declared(store: Store, root: Path, failures: Failures) -> list[str | None]:
    return [", ".join(sorted({"CN-HK", "own_indicator"} & {*regions(), *indicators()}))]


def test_what_the_landing_folder_declares_is_read_by_whoever_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Regions and indicators are kept in the process, so that a step may ask and read nothing."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    made = pipeline(tmp_path, asks_what_is_declared)
    landing = made.home.landing
    assert [made.refresh() for _ in range(2)] == [[(0, "")]] * 2
    assert made.computed == 1
    (landing / "regions.yaml").write_text(
        "source: x\nlicence: x\nregions:\n"
        "  CN-HK: {kind: province, parent: CN, zh: 香港特别行政区, en: Hong Kong}\n"
    )
    assert made.refresh() == [(0, "CN-HK")]
    (landing / "indicators.yaml").write_text(
        "own_indicator: {zh: 自有, en: Own, labels: [自有], unit: 10k_count, plausible: [1, 2]}\n"
    )
    assert made.refresh() == [(0, "CN-HK, own_indicator")]
    assert made.refresh() == [(0, "CN-HK, own_indicator")]
    (landing / "regions.yaml").unlink()
    assert made.refresh() == [(0, "own_indicator")]
    assert made.computed == 4


def opens_the_file(store: Store, root: Path, failures: Failures) -> list[str | None]:
    with writable(store.path) as connection:
        return [repr(row) for row in connection.execute("from raw.a").fetchall()]


def opens_another(store: Store, root: Path, failures: Failures) -> list[str | None]:
    other = root / "releases" / "other.duckdb"
    if not other.exists():
        with writable(other) as connection:
            connection.execute("create table t as select 1")
    with read_only(other) as connection:
        return [repr(connection.execute("from t").fetchall())]


def names_its_vintage(store: Store, root: Path, failures: Failures) -> list[str | None]:
    sql = "select count(*) from model.vintage where vintage = ?"
    return [repr(store.rows(sql, [failures.vintage]))]


def spells_its_vintage(store: Store, root: Path, failures: Failures) -> list[str | None]:
    sql = f"select count(*) from model.vintage where vintage = '{failures.vintage}'"
    return [repr(store.rows(sql))]


def fails(store: Store, root: Path, failures: Failures) -> list[str | None]:
    with failures.entry("a"):
        raise ZeroDivisionError("by nothing")
    return only_a(store, root, failures)


@pytest.mark.parametrize(
    "step", [opens_the_file, opens_another, names_its_vintage, spells_its_vintage, fails]
)
def test_what_cannot_be_known_to_be_the_same_is_computed(tmp_path: Path, step: Step) -> None:
    made = pipeline(tmp_path, step)
    for number in (1, 2, 3):
        made.refresh()
        assert made.computed == number
    assert made.store.rows("from kept.computation") == []


def test_a_copied_home_reads_its_own_files(tmp_path: Path) -> None:
    made = pipeline(tmp_path / "one", all_ways)
    (made.home.landing / "truth.txt").write_text("one")
    made.refresh()
    let_go(made.home.working)
    made.home.root.rename(tmp_path / "two")
    moved = Pipeline(Home(tmp_path / "two"), all_ways, published=made.published, vintages=1)
    assert moved.refresh()[-1][1] == "one"
    assert moved.computed == 0
    (moved.home.landing / "truth.txt").write_text("two")
    assert moved.refresh()[-1][1] == "two"
