"""Reading the published warehouse, and nothing else.

Belongs here: the connection for analysts and reports. Not here: the working file. The connection
cannot write, attach, open other files, load extensions or change settings, whatever SQL it gets.
"""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from assets.warehouse.connection import READER_MEMORY, read_only
from assets.warehouse.errors import NothingPublished, WarehouseError
from assets.warehouse.home import Home
from assets.warehouse.unchanged.reads import Parameters

_READING = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
_TRIES = 3
_BETWEEN_INTERRUPTIONS_SECONDS = 0.1
_MAX_VALUES = 20_000_000  # of one answer: some 2 GB
_ROWS_AT_ONCE = 10_000
_SMALLER = "  Ask for sums, or for a part of it (`where`, `limit`)."


@dataclass(frozen=True, slots=True)
class QueryResult:
    """Column names and rows, in the order the query gave them."""

    columns: tuple[str, ...]
    types: tuple[str, ...]  # as DuckDB spells them
    rows: list[tuple[Any, ...]]


@contextmanager
def open_published(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the release that is published now; closed after.

    It keeps reading that release, also after another one is published or this one is pruned.
    Raises NothingPublished where there is none, WarehouseDamaged also while rows are fetched.
    """
    with ExitStack() as opened:
        yield _opened(home, opened)


def _opened(home: Home, opened: ExitStack) -> duckdb.DuckDBPyConnection:
    for _ in range(_TRIES):
        path = _published_path(home)
        try:
            return opened.enter_context(read_only(path))
        except duckdb.IOException:
            if path.exists():
                raise
            # Another release was published and this one pruned since the name was read.
    raise WarehouseError(f"{home.published} changed {_TRIES} times while it was being opened.")


def query(
    home: Home,
    sql: str,
    parameters: Parameters = None,
    as_of: int | None = None,
    seconds: float | None = None,
) -> QueryResult:
    """Run one SELECT (or WITH, FROM, DESCRIBE, EXPLAIN) on the published warehouse.

    as_of: an edition; the query then also sees `as_of_observation`, a view that only this
    connection has. seconds: after which the query is stopped; None lets it run.
    Raises NothingPublished, WarehouseDamaged, TimeoutError, ValueError for any other statement or
    more than one and for an answer that is too large, and duckdb.Error for a query that fails.
    """
    with open_published(home) as connection:
        # By this connection: the module's own function opens a database in memory for it.
        statements = connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type not in _READING:
            raise ValueError("Expected one SELECT. The published warehouse can only be read.")
        if as_of is not None:
            view = f"create temp view as_of_observation as from as_of({as_of:d})"
            connection.execute(view)
        return _within(seconds, connection, lambda: _fetch(connection, sql, parameters))


def _fetch(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Parameters) -> QueryResult:
    try:
        result = connection.execute(sql, parameters)
        described = result.description or []
        return QueryResult(
            columns=tuple(column[0] for column in described),
            types=tuple(str(column[1]) for column in described),
            rows=_rows(result, len(described)),
        )
    except duckdb.OutOfMemoryException as error:
        raise ValueError(
            f"The query needs more than {READER_MEMORY} of memory, and a reader writes no files to "
            f"go on by.\n{_SMALLER}"
        ) from error


def _rows(result: duckdb.DuckDBPyConnection, columns: int) -> list[tuple[Any, ...]]:
    """All rows. DuckDB's limit of memory ends where they become Python's; here it goes on.

    Raises ValueError.
    """
    rows: list[tuple[Any, ...]] = []
    while piece := result.fetchmany(_ROWS_AT_ONCE):
        rows += piece
        if len(rows) * columns > _MAX_VALUES:
            raise ValueError(
                f"The answer has more than {_MAX_VALUES:,} values, which is as much as is held.\n"
                f"{_SMALLER}"
            )
    return rows


def _within(
    seconds: float | None,
    connection: duckdb.DuckDBPyConnection,
    fetch: Callable[[], QueryResult],
) -> QueryResult:
    """Run a query in a thread of its own, so that the caller's can end it at any moment.

    DuckDB looks for Ctrl-C between the pieces of a query alone, and not in every piece. A thread
    that only waits hears it at once; only the main one hears it at all.
    Raises TimeoutError once the seconds are over.
    """
    if seconds is None and threading.current_thread() is not threading.main_thread():
        return fetch()
    outcome: Future[QueryResult] = Future()

    def run() -> None:
        if outcome.set_running_or_notify_cancel():
            try:
                outcome.set_result(fetch())
            except BaseException as error:
                outcome.set_exception(error)

    try:
        threading.Thread(target=run, name="query", daemon=True).start()
        return outcome.result(timeout=seconds)
    except TimeoutError as error:
        raise TimeoutError(f"The query was stopped after {seconds:g} seconds.") from error
    finally:
        outcome.cancel()  # a thread that was only being started then does nothing
        while outcome.running():
            with suppress(KeyboardInterrupt):  # it is ending already
                connection.interrupt()  # again and again: before the first piece it is lost
                wait([outcome], timeout=_BETWEEN_INTERRUPTIONS_SECONDS)


def _published_path(home: Home) -> Path:
    """Where the published name points. A dangling name is an error, not an absent one."""
    if not os.path.lexists(home.published):
        raise NothingPublished(
            f"{home.published} does not exist: nothing is published yet. Run `yearbook refresh`."
        )
    if not home.published.exists():
        raise NothingPublished(
            f"{home.published} points to {os.readlink(home.published)}, which is gone.\n"
            f"  Run `yearbook repair`: it restores the file, and says from what."
        )
    return home.published.resolve()
