"""Dagster's event log, with connections that stay open.

Belongs here: how the log's SQLite files are opened. Not here: what is written into them.

Dagster opens and closes each file for every event, and each close folds the write-ahead log back
into the file: a quarter of the time of a refresh. `dagster.yaml` names this class instead,
also in the homes of those who use it, so that it stays in this place.

For each file that it makes, Dagster reads the scripts of all its migrations twice, which takes a
tenth of a second and more: a process makes one so, and the other runs' files are copies of that.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Self

from alembic.migration import MigrationContext
from dagster import EventLogEntry, StringSource
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from dagster._core.storage.sql import create_engine
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy import event as on_event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import QueuePool

_FILES_KEPT_OPEN = 16  # more are opened only by who looks at many runs
_WITHOUT_EVENTS: list[bytes] = []  # the file of a run, once this process has had one made


class KeptOpenEventLogStorage(SqliteEventLogStorage):
    """Writes the files that `SqliteEventLogStorage` does: one for each run, and an index."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._open: dict[str, Engine] = {}  # by file
        self._there: set[tuple[str, str]] = set()  # in the index: what, and its name
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
        return self._has("table", table_name, super().has_table)

    def has_secondary_index(self, name: str) -> bool:
        """Whether a migration of the index is done; Dagster asks for each step."""
        return self._has("migration", name, super().has_secondary_index)

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        """Whether the table of assets has a column; Dagster asks for each step and each event."""
        look = partial(super()._has_asset_key_col_on_connection, conn)
        return self._has("column", column_name, look)

    def _has(self, what: str, name: str, look: Callable[[str], bool]) -> bool:
        """What is there once stays until all is wiped; what is not may come."""
        if (what, name) not in self._there:
            if not look(name):
                return False
            self._there.add((what, name))
        return True

    def wipe(self) -> None:
        """Remove the events of all runs."""
        self._close()
        self._there.clear()
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
                if shard != INDEX_SHARD_NAME and _WITHOUT_EVENTS:
                    _place(Path(self.path_for_shard(shard)), _WITHOUT_EVENTS[0])
                if not _is_made(engine):
                    self._initdb(engine)
                    if shard != INDEX_SHARD_NAME and not _WITHOUT_EVENTS:
                        _WITHOUT_EVENTS.extend(_without_events(engine))
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection


def _is_made(engine: Engine) -> bool:
    """Whether a file has its tables; Dagster reads each script of its migrations to tell that."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() is not None


def _without_events(engine: Engine) -> list[bytes]:
    """A file that was made just now; nothing where another process has begun to write into it."""
    with engine.connect() as connection:
        file = connection.connection.driver_connection
        assert file is not None
        file.execute("begin")
        (events,) = file.execute("select count(*) from event_logs").fetchone()
        return [] if events else [file.serialize()]


def _place(path: Path, content: bytes) -> None:
    """A new file, whole from its first moment; one that is there, maybe another process's, stays.

    It has no name before: a kill leaves nothing beside it. Where it cannot be (no room, a file
    system without links), Dagster makes it, or says why not.
    """
    if path.exists():
        return
    with suppress(OSError):
        nameless = os.open(path.parent, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        with open(nameless, "wb") as whole:
            whole.write(content)
            whole.flush()
            # Only with a folder given does Python follow the link, as it has to.
            os.link(f"/proc/self/fd/{nameless}", path, src_dir_fd=nameless)


def _engine(address: str) -> Engine:
    engine = create_engine(
        address, poolclass=QueuePool, connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
    )

    @on_event.listens_for(engine, "connect")
    def leave_syncing_to_checkpoints(connection: Any, _: object) -> None:
        # With a write-ahead log a killed process loses nothing, a power cut the last events alone.
        connection.execute("pragma synchronous = normal")

    return engine
