"""The published warehouse can be read, and nothing else can be done through its connection."""

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.warehouse import connection, reader
from assets.warehouse.errors import NothingPublished
from assets.warehouse.home import Home
from assets.warehouse.publish import publish
from assets.warehouse.reader import QueryResult, open_published, query
from assets.warehouse.store import Store


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """For all who read it: whoever finds a way to change it fails."""
    home = Home(tmp_path_factory.mktemp("published")).prepare()
    with Store(home.working).transaction() as writes:
        writes.create_as("a.b", "select 1 as i, 'x' as s", "one row", {})
    publish(home, "v1")
    return home


def refused(root: Path) -> list[str]:
    outside = root / "outside.csv"
    return [
        f"copy a.b to '{outside}'",
        "copy (select 1) to '/dev/stdout'",
        f"explain analyze copy (select 1) to '{outside}'",
        f"export database '{root / 'export'}'",
        f"import database '{root / 'export'}'",
        f"attach '{root / '.yearbook' / 'working.duckdb'}' as w",
        "attach ':memory:' as m",
        "select * from read_csv('/etc/passwd')",
        "from sniff_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from read_blob('/etc/passwd')",
        "select * from glob('/etc/*')",
        "select * from '/etc/passwd'",
        "install httpfs",
        "load httpfs",
        f"load '{root / 'x.duckdb_extension'}'",
        "set threads = 1",
        "set global memory_limit = '1GB'",
        "set enable_external_access = true",
        "reset lock_configuration",
        "set lock_configuration = false",
        "pragma threads = 1",
        "pragma enable_profiling",
        "call enable_logging()",
        "insert into a.b values (2, 'y')",
        "update a.b set i = 2",
        "delete from a.b",
        "drop table a.b",
        "create table a.c (i integer)",
        "create schema c",
        "create or replace view a.v as select 1",
        "comment on table a.b is 'mine'",
        "create secret s (type s3)",
        "select getenv('HOME')",
        "select * from published",  # a variable of the caller
    ]


@pytest.mark.parametrize("number", range(len(refused(Path()))))
def test_the_connection_itself_refuses(published: Home, number: int) -> None:
    sql = refused(published.root)[number]
    before = published.published.read_bytes()
    files = sorted(published.root.rglob("*"))
    with open_published(published) as connection, pytest.raises(duckdb.Error):
        connection.execute(sql).fetchall()
    assert published.published.read_bytes() == before
    assert sorted(published.root.rglob("*")) == files


@pytest.mark.parametrize(
    "sql",
    [
        *(
            "pragma database_size",
            "call pragma_version()",
            "begin",
            "checkpoint",
            "set schema = 'a'",
        ),
        *("create temp table t as select 1", "select 1; drop table a.b", "", "set variable v = 1"),
    ],
)
def test_query_takes_one_select(published: Home, sql: str) -> None:
    with pytest.raises(ValueError, match="Expected one SELECT"):
        query(published, sql)


def test_query_gives_columns_and_rows(published: Home) -> None:
    assert query(published, "select i, s from a.b where i = ?", [1]) == QueryResult(
        columns=("i", "s"), types=("INTEGER", "VARCHAR"), rows=[(1, "x")]
    )
    assert query(published, "select $who as who", {"who": "you"}).rows == [("you",)]
    assert query(published, "describe a.b").rows[0][0] == "i"
    with pytest.raises(duckdb.CatalogException):
        query(published, "from a.missing")


def test_only_who_hears_ctrl_c_has_another_thread_ask(
    published: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The main one, and whoever sets a time; a refresh asks hundreds of questions beside it."""
    of: list[str] = []
    real = reader._fetch

    def noted(*given: Any) -> QueryResult:
        of.append(threading.current_thread().name)
        return real(*given)

    monkeypatch.setattr(reader, "_fetch", noted)
    query(published, "select 1")
    with ThreadPoolExecutor(1, thread_name_prefix="refresh") as pool:
        pool.submit(query, published, "select 1").result()
        pool.submit(query, published, "select 1", seconds=60).result()
    assert of == ["query", "refresh_0", "query"]


def test_an_answer_has_an_end(published: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_MAX_VALUES", 300)
    monkeypatch.setattr(reader, "_ROWS_AT_ONCE", 70)
    assert len(query(published, "select i, i, i from range(100) t(i)").rows) == 100
    with pytest.raises(ValueError, match="more than 300 values"):
        query(published, "select i, i, i from range(100000000000) t(i)")


def test_what_needs_more_memory_than_a_reader_has_is_told(
    published: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection._READ_ONLY, "memory_limit", "50MB")
    with pytest.raises(ValueError, match=r"needs more than 4GB of memory[^\0]*Ask for sums"):
        query(published, "select hash(i) as h from range(20000000) t(i) order by h")


def test_before_the_first_publication_the_next_step_is_named(home: Home) -> None:
    with pytest.raises(NothingPublished, match="yearbook refresh"):
        query(home, "select 1")


def test_a_name_that_points_nowhere_is_not_created_anew(published: Home, tmp_path: Path) -> None:
    published = Home(shutil.copytree(published.root, tmp_path / "home", symlinks=True))
    published.published.resolve().unlink()
    gone = r"releases/warehouse-v1\.duckdb, which is gone"
    with pytest.raises(NothingPublished, match=gone), open_published(published):
        pass
