"""The tables of one DuckDB file: reading them, and transactions that write them.

Belongs here: opening the file for one call, and closing it before the call returns, also when it
raises. Not here: what is written (`tables/writes.py`), what any table means, and publication.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from assets.warehouse.connection import known_while_open, read_only, writable
from assets.warehouse.errors import WarehouseError
from assets.warehouse.tables.catalog import columns_of, described
from assets.warehouse.tables.row import read_as
from assets.warehouse.tables.table import Column, Table
from assets.warehouse.tables.writes import Writes
from assets.warehouse.texts.spelled import quoted_table
from assets.warehouse.unchanged.reads import (
    Parameters,
    Read,
    frame_digest,
    read_file,
    recorded,
    recording,
    rows_digest,
)

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Store:
    """The tables of one DuckDB file. Each method opens the file, works, and closes it.

    threads: 1 keeps sums of doubles in one order. More is for scans whose result does not
    depend on the order (counts, integers). looks_only: the file is opened for reading alone, by
    whoever must write nothing and has no lock of the writer.
    All methods raise WarehouseBusy, WarehouseFull or WarehouseDamaged where the file is locked,
    the disk is full or the file is not whole.
    """

    path: Path
    threads: int = 1
    looks_only: bool = False

    @contextmanager
    def transaction(self) -> Iterator[Writes]:
        """Several writes that are kept together, or not at all if the block raises."""
        with writable(self.path, self.threads) as connection:
            connection.begin()
            try:
                writes = Writes(connection, dict(known_while_open(self.path)))
                yield writes
                connection.commit()
                known_while_open(self.path).update(writes.as_declared)
            except BaseException:
                with suppress(duckdb.Error):  # a failed commit has rolled back already
                    connection.rollback()
                raise

    def ensure(self, table: Table) -> None:
        """See Writes.ensure."""
        with self.transaction() as writes:
            writes.ensure(table)

    def replace(self, table: Table, frame: "pd.DataFrame", allow_empty: bool = False) -> int:
        """See Writes.replace."""
        with self.transaction() as writes:
            return writes.replace(table, frame, allow_empty)

    def replace_where(
        self,
        table: Table,
        frame: "pd.DataFrame",
        key: Mapping[str, object],
        allow_empty: bool = False,
    ) -> int:
        """See Writes.replace_where."""
        with self.transaction() as writes:
            return writes.replace_where(table, frame, key, allow_empty)

    def frame(self, sql: str, parameters: Parameters = None) -> "pd.DataFrame":
        """The result of `sql` as a frame. NULL numbers come as NaN."""
        with self._existing() as connection:
            frame = connection.execute(sql, parameters).df()
        if (reads := recording()) is not None:
            reads.add("frame", sql, parameters, frame_digest(frame))
        return frame

    def read(self, kind: type[T], sql: str, parameters: Parameters = None) -> list[T]:
        """The result of `sql` as dataclasses, each cell under the name of its column."""
        return read_as(kind, *self._fetched(sql, parameters))

    def rows(self, sql: str, parameters: Parameters = None) -> list[tuple[Any, ...]]:
        """The result of `sql` as tuples."""
        _, rows = self._fetched(sql, parameters)
        return rows

    def would_read(self, reads: Sequence[Read], root: Path) -> bool:
        """Whether what was read before would read the same now: asked in turn, up to the first
        that differs, since those after it may ask for what is not there any more.

        root: the home, below which the files lie.
        """
        with recorded() as again:
            for number, read in enumerate(reads):
                if read.form == "file":
                    read_file(root, read.asked)
                elif read.form == "frame":
                    self.frame(read.asked, read.parameters)
                else:
                    self.rows(read.asked, read.parameters)
                if again.reads[number].sha256 != read.sha256:
                    return False
        return True

    def _fetched(self, sql: str, parameters: Parameters) -> tuple[list[str], list[tuple[Any, ...]]]:
        with self._existing() as connection:
            found = connection.execute(sql, parameters)
            columns, rows = [column[0] for column in found.description], found.fetchall()
        if (reads := recording()) is not None:
            reads.add("rows", sql, parameters, rows_digest(columns, rows))
        return columns, rows

    def columns(self, name: str) -> tuple[Column, ...]:
        """The columns of a table or view in their order; empty where there is none."""
        if not self.path.exists():
            return ()
        with self._existing() as connection:
            return tuple(columns_of(connection, [name])[name])

    def column_types(self, *names: str) -> dict[str, dict[str, str]]:
        """For each of several tables, its columns and their types, read in one go."""
        with self._existing() as connection:
            return {  # to list the catalog, and look there, takes as long as dozens of these
                name: described(connection, quoted_table(name)) for name in names
            }

    def exists(self, name: str) -> bool:
        """Whether the file holds a table or view `name`."""
        if not self.path.exists():
            return False
        with self._existing() as connection:
            try:  # to list the catalog, and look there, takes ten times as long
                described(connection, quoted_table(name))
            except duckdb.CatalogException:
                return False
            return True

    @contextmanager
    def _existing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        if not self.path.exists():
            raise WarehouseError(f"{self.path} does not exist yet. Run `yearbook refresh`.")
        opened = read_only(self.path) if self.looks_only else writable(self.path, self.threads)
        with opened as connection:
            yield connection
