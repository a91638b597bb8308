"""The warehouse as a Dagster resource: the door of this room.

Belongs here: holding the writer's lock for as long as a run writes, and handing out the working
store and the published file. Not here: what any table means. What opens a file is loaded by a run,
not by the definitions.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import dagster as dg
from pydantic import PrivateAttr

from assets.warehouse.errors import Holder
from assets.warehouse.home import Home
from assets.warehouse.lock import writer_lock
from assets.warehouse.tables.declared_asset import asset_key
from assets.warehouse.tables.row import read_as
from assets.warehouse.tables.table import Table

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from assets.warehouse.store import Store

T = TypeVar("T")

TAKEN_OVER = "taken_over_from"  # in a materialization's metadata: the vintage that has the rows


class Warehouse(dg.ConfigurableResource[Any]):
    """The one writer's view of the warehouse, for the length of a run.

    A run that finds another writer waits for it, naming it in the log; two runs never mix.
    """

    root: str = ""  # empty: the folder named by YEARBOOK_HOME, else the project's own
    wait_seconds: float = 3600.0
    full: bool = False  # compute everything, also what would come out as it did before

    _found: dict[Callable[[], Any], Any] = PrivateAttr(default_factory=dict)

    def once(self, find: Callable[[], T]) -> T:
        """What a call gives, called at most once in a run: for what no step of it changes."""
        if find not in self._found:
            self._found[find] = find()
        found: T = self._found[find]
        return found

    @property
    def home(self) -> Home:
        """Where the files lie."""
        return Home(Path(self.root).resolve()) if self.root else Home.from_environment()

    @property
    def store(self) -> "Store":
        """The working file."""
        from assets.warehouse.store import Store

        return Store(self.home.working)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Warehouse"]:
        """Hold the writer's lock and see that the working file is whole."""
        from assets.warehouse.connection import kept_open
        from assets.warehouse.publish import relink
        from assets.warehouse.repair import restore_working

        log = context.log

        def waiting(holder: Holder) -> None:
            if log is not None:
                log.warning(f"Waiting for the warehouse, which is being written by {holder}.")

        home = self.home.prepare()
        run = "" if context.run is None else f" {context.run.run_id}"
        with writer_lock(home, f"Dagster run{run}", self.wait_seconds, waiting):
            relinked = relink(home)
            if log is not None and relinked is not None:
                log.warning(f"{home.published} was gone; it names {relinked.path} again.")
            with kept_open():
                restored = restore_working(home)
                if log is not None and restored.action == "restored":
                    log.warning(restored.message)
                yield self

    def materialized(
        self,
        tables: Iterable[Table],
        taken_over: str | None = None,
        entries: Mapping[str, int] | None = None,
    ) -> Iterator[dg.MaterializeResult[None]]:
        """One result per table that a step has written, with its number of rows.

        taken_over: the vintage whose rows the step took over instead of computing them; entries:
        how many it has, and how many of them it computed.
        """
        for table in tables:
            ((count,),) = self.store.rows(f"select count(*) from {table.name}")
            metadata = {"dagster/row_count": count}
            if taken_over is not None:
                metadata[TAKEN_OVER] = taken_over
            metadata |= entries or {}
            yield dg.MaterializeResult(asset_key=asset_key(table.name), metadata=metadata)

    def frame(self, sql: str) -> "pd.DataFrame":
        """Rows of a SELECT on the working file."""
        return self.store.frame(sql)

    def published_frame(self, sql: str) -> "pd.DataFrame | None":
        """Rows of a SELECT on the published file; None before the first publication, and where a
        version of before published it, without a table that is asked for.
        """
        import duckdb

        with self._published() as connection:
            try:
                return None if connection is None else connection.execute(sql).df()
            except duckdb.CatalogException:
                return None

    def read_published(self, kind: type[T], sql: str) -> list[T]:
        """Like `published_frame`, as dataclasses; none before the first publication."""
        with self._published() as connection:
            if connection is None:
                return []
            found = connection.execute(sql)
            return read_as(kind, [name for name, *_ in found.description], found.fetchall())

    def published_rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Like `published_frame`, as tuples; none before the first publication."""
        with self._published() as connection:
            return [] if connection is None else connection.execute(sql).fetchall()

    @contextmanager
    def _published(self) -> Iterator["duckdb.DuckDBPyConnection | None"]:
        from assets.warehouse.publish import published_release
        from assets.warehouse.reader import open_published

        if published_release(self.home) is None:
            yield None
            return
        with open_published(self.home) as connection:
            yield connection
