"""What can go wrong with the warehouse file, as errors a person can act on.

Belongs here: the exceptions of this room and the description of who holds a lock. Not here:
errors about what a table means (the rooms that own the tables raise those).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock. `pid` and `since` are None where the file does not tell."""

    pid: int | None
    host: str
    command: str
    purpose: str
    since: str | None  # ISO 8601 with offset

    def __str__(self) -> str:
        pid = "an unknown process" if self.pid is None else f"process {self.pid}"
        since = "" if self.since is None else f", since {self.since}"
        return f"{pid} on {self.host} ({self.purpose}: {self.command}{since})"


class WarehouseError(Exception):
    """Anything this room refuses or cannot do."""


class WarehouseBusy(WarehouseError):
    """Another process holds the writer's lock or has the file open."""

    def __init__(self, message: str, holder: Holder) -> None:
        super().__init__(message)
        self.holder = holder


class WarehouseFull(WarehouseError):
    """The file system has no room for the write."""


class WarehouseDamaged(WarehouseError):
    """The file is there and is not a whole DuckDB file."""


class OtherVersion(WarehouseError):
    """The file was written by a version of DuckDB or of this code that does not fit this one."""


class BadRows(WarehouseError):
    """Rows that do not fit the declaration of their table."""


class TableChanged(WarehouseError):
    """The table in the file differs from its declaration in a way that needs a decision."""


class ReleaseConflict(WarehouseError):
    """A release of this vintage exists already and says something else."""


class NothingPublished(WarehouseError):
    """There is no published warehouse yet."""
