"""Files that a block keeps open: joined, not opened anew, and never in the place of another."""

from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from assets.warehouse.connection import (
    MEMORY_VARIABLE,
    kept_open,
    let_go,
    read_only,
    writable,
)
from assets.warehouse.errors import WarehouseError


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were opened, each as often as it was."""
    found: list[Path] = []
    real = duckdb.connect

    def connect(path: Path, **settings: object) -> duckdb.DuckDBPyConnection:
        found.append(path)
        return real(path, **settings)

    monkeypatch.setattr(duckdb, "connect", connect)
    return found


def made(path: Path, number: int) -> Path:
    with writable(path) as connection:
        connection.execute(f"create table t as select {number} as n")
    return path


def number_in(path: Path) -> int:
    with read_only(path) as connection:
        ((found,),) = connection.execute("from t").fetchall()
    return int(found)


def test_within_the_block_a_file_is_opened_once(tmp_path: Path, opened: list[Path]) -> None:
    file = made(tmp_path / "a.duckdb", 1)
    opened.clear()
    with kept_open():
        assert [number_in(file) for _ in range(3)] == [1, 1, 1]
        with kept_open():
            assert number_in(file) == 1
        assert number_in(file) == 1
    assert opened == [file]
    number_in(file)
    assert opened == [file, file]


def test_a_connection_in_the_block_is_its_own(tmp_path: Path) -> None:
    file = tmp_path / "a.duckdb"
    with kept_open(), writable(file) as one, writable(file) as other:
        one.execute("create table t (n integer)")
        one.execute("create temp view of_one as select 1")
        with pytest.raises(duckdb.CatalogException):
            other.execute("from of_one")
        one.begin()
        one.execute("insert into t values (1)")
        assert other.execute("from t").fetchall() == []
        one.rollback()
        assert one.execute("from t").fetchall() == []


def test_each_connection_in_the_block_has_the_threads_it_asks_for(tmp_path: Path) -> None:
    file = tmp_path / "a.duckdb"
    with kept_open():
        for threads in (1, 1, 2, 2, 1, 3, 1):
            with writable(file, threads) as connection:
                found = connection.execute("select current_setting('threads')").fetchall()
            assert found == [(threads,)]
        let_go(file)
        with writable(file) as connection:
            assert connection.execute("select current_setting('threads')").fetchall() == [(1,)]


def test_after_the_block_another_file_may_take_the_place(tmp_path: Path) -> None:
    file, other = made(tmp_path / "a.duckdb", 1), made(tmp_path / "b.duckdb", 2)
    with kept_open():
        assert number_in(file) == 1
    other.replace(file)
    assert number_in(file) == 2


def test_a_file_that_was_let_go_is_opened_anew(tmp_path: Path) -> None:
    file, other = made(tmp_path / "a.duckdb", 1), made(tmp_path / "b.duckdb", 2)
    with kept_open():
        assert number_in(file) == 1
        let_go(file)
        other.replace(file)
        assert number_in(file) == 2


def test_a_block_that_fails_leaves_nothing_open(tmp_path: Path, opened: list[Path]) -> None:
    file = made(tmp_path / "a.duckdb", 1)
    with suppress(ZeroDivisionError), kept_open():
        number_in(file)
        raise ZeroDivisionError
    opened.clear()
    number_in(file)
    assert opened == [file]


def test_a_small_file_has_small_blocks(tmp_path: Path) -> None:
    assert made(tmp_path / "a.duckdb", 1).stat().st_size < 100_000


@pytest.mark.parametrize("amount", ["800MB", "2 GiB", "1.5GB"])
def test_memory_is_as_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, amount: str
) -> None:
    monkeypatch.setenv(MEMORY_VARIABLE, amount)
    with duckdb.connect() as plain:
        plain.execute(f"set memory_limit = '{amount}'")
        expected = plain.execute("select current_setting('memory_limit')").fetchall()
    with writable(tmp_path / "a.duckdb") as connection:
        assert connection.execute("select current_setting('memory_limit')").fetchall() == expected


@pytest.mark.parametrize("amount", ["much", "50%", "-1", "0GB", "2", "1GB'; drop table t"])
def test_what_is_no_amount_of_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, amount: str
) -> None:
    monkeypatch.setenv(MEMORY_VARIABLE, amount)
    with (
        pytest.raises(WarehouseError, match="expected an amount of memory, such as 2GB"),
        writable(tmp_path / "a.duckdb"),
    ):
        pass
    assert not list(tmp_path.iterdir())


def test_who_meets_the_limit_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MEMORY_VARIABLE, "20MB")
    with (
        pytest.raises(WarehouseError, match=f"Allow more by {MEMORY_VARIABLE}"),
        writable(tmp_path / "a.duckdb") as connection,
    ):
        connection.execute("select list(i) from range(100000000) as t (i)")
