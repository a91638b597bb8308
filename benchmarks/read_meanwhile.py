"""Processes that read the published file, and releases they keep open, while others are at work.

Belongs here: reading, and whether what is read is whole. Not here: what the others do.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import duckdb

from assets.warehouse.home import Home
from assets.warehouse.reader import open_published
from benchmarks.killed_work import Killer

LOOKS_EVERY = 1.5  # seconds; the work that is read beside goes first


@dataclass(slots=True)
class Told:
    """What one process read."""

    reads: int = 0
    mixed: int = 0  # not whole, or otherwise than the same release said before
    of_pruned: int = 0  # reads of a release whose file was gone by then
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Release:
    connection: duckdb.DuckDBPyConnection
    row: tuple[Any, ...]  # what it said first
    path: Path
    closing: contextlib.ExitStack


@contextlib.contextmanager
def readers(killer: Killer, root: Path, sql: str, held: int) -> Iterator[list[Told]]:
    """Two processes that read while the block runs; the list is filled at its end.

    sql: its first column says whether the file is whole. held: so many releases are kept open.
    """
    stop, queue = killer.server.Event(), killer.server.SimpleQueue()
    started = [killer.start(_read, root, sql, held, stop, queue) for _ in range(2)]
    told: list[Told] = []
    try:
        yield told
    finally:
        stop.set()
        told += [queue.get() for _ in started]
        for process in started:
            process.join()


def _read(root: Path, sql: str, held: int, stop: Event, queue: "SimpleQueue[Told]") -> None:
    told = Told()
    releases: list[_Release] = []
    with contextlib.ExitStack() as last:
        while not stop.is_set():
            try:
                release = _opened(root, sql)
                if releases and releases[-1].row == release.row:
                    release.closing.close()
                else:
                    releases.append(release)
                    last.push(release.closing)
                for release in releases:
                    told.reads += 1
                    row = release.connection.execute(sql).fetchall()[0]
                    told.mixed += row != release.row or not row[0]
                    told.of_pruned += not release.path.exists()
                if len(releases) > held:
                    releases.pop(0).closing.close()
            except Exception as error:
                told.errors.append(repr(error))
            stop.wait(LOOKS_EVERY)
    queue.put(told)


def _opened(root: Path, sql: str) -> _Release:
    path = Home(root).published.resolve()
    with contextlib.ExitStack() as opened:
        connection = opened.enter_context(open_published(Home(root)))
        row = connection.execute(sql).fetchall()[0]
        return _Release(connection, row, path, opened.pop_all())
