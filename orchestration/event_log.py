"""Dagster's event log, with connections that stay open.

Belongs here: how the log's SQLite files are opened. Not here: what is written into them.

Dagster opens and closes each file for every event, and each close folds the write-ahead log back
into the file: a quarter of the time of a refresh. `dagster.yaml` names this class instead,
also in the homes of those who use it, so that it stays in this place.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from alembic.migration import MigrationContext
from dagster import EventLogEntry, StringSource
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sql import create_engine
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy import event as on_event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import QueuePool

_FILES_KEPT_OPEN = 16  # more are opened only by who looks at many runs


class KeptOpenEventLogStorage(SqliteEventLogStorage):
    """Writes the files that `SqliteEventLogStorage` does: one for each run, and an index."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._open: dict[str, Engine] = {}  # by file
        self._tables_there: set[str] = set()  # of the index
        super().__init__(base_dir, inst_data)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """What `dagster.yaml` says of it."""
        return {"dagster_home": StringSource}

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Mapping[str, Any]) -> Self:
        """The log of a DAGSTER_HOME."""
        return cls(str(Path(config_value["dagster_home"], "history", "runs")), inst_data)

    def store_event(self, event: EventLogEntry) -> None:
        """Keep one event."""
        super().store_event(event)
        # A page that shows a run waits for a change of the file, not of the log beside it.
        os.utime(self.path_for_shard(event.run_id))

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table; Dagster asks for each event of an asset, by a new file."""
        if table_name not in self._tables_there:
            if not super().has_table(table_name):
                return False
            self._tables_there.add(table_name)
        return True

    def wipe(self) -> None:
        """Remove the events of all runs."""
        self._close()
        self._tables_there.clear()
        super().wipe()

    def dispose(self) -> None:
        """Close the files."""
        self._close()
        super().dispose()

    def _close(self) -> None:
        with self._db_lock:
            while self._open:
                self._open.popitem()[1].dispose()

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            if shard not in self._open:
                if len(self._open) == _FILES_KEPT_OPEN:
                    self._open.pop(next(iter(self._open))).dispose()
                self._open[shard] = _engine(self.conn_string_for_shard(shard))
            engine = self._open[shard]
            if shard not in self._initialized_dbs:
                if not _is_made(engine):
                    self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection


def _is_made(engine: Engine) -> bool:
    """Whether a file has its tables; Dagster reads each script of its migrations to tell that."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() is not None


def _engine(address: str) -> Engine:
    engine = create_engine(
        address, poolclass=QueuePool, connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
    )

    @on_event.listens_for(engine, "connect")
    def leave_syncing_to_checkpoints(connection: Any, _: object) -> None:
        # With a write-ahead log a killed process loses nothing, a power cut the last events alone.
        connection.execute("pragma synchronous = normal")

    return engine
