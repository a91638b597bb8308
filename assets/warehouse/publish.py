"""Publication: how the working file becomes the file readers see.

Belongs here: writing a release, flipping the published name, pruning. Not here: what must have
passed before (orchestration decides that), and files that were damaged (`repair.py`).

A release is written whole under a private name, flushed to disk, renamed, and only then does the
name `warehouse.duckdb` (a relative symbolic link) change, in one `rename`. So whoever opens the
name, at any moment and after any crash, gets the old release or the new one. On POSIX a reader
that has a file open keeps reading it, also after the name has moved on and the file was pruned.

Tables are copied row by row into a new file, in the order of their columns, rather than as a
file copy: every block of the working file is read and its checksum verified on the way, the
space of replaced tables is left behind, the storage version is the one old clients open, and the
rows lie in an order that depends on what they say and not on what was refreshed last.
"""

import hashlib
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from assets.warehouse.connection import (
    STORAGE_VERSION,
    current,
    damage_of,
    explained,
    tables_of,
    writable,
)
from assets.warehouse.errors import (
    NothingPublished,
    ReleaseConflict,
    WarehouseDamaged,
    WarehouseError,
)
from assets.warehouse.home import Home
from assets.warehouse.lock import writer_lock
from assets.warehouse.private import private_file
from assets.warehouse.queries import query_text
from assets.warehouse.texts.spelled import literal, quoted

# In the working file only: single sellers' records, and what a refresh keeps for the next one.
PRIVATE_SCHEMAS = ("micro", "kept")
_VINTAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
_RELEASE = re.compile(r"warehouse-(?P<vintage>.+)\.duckdb")
_ONE_AT_A_TIME = threading.RLock()  # the writer's lock lets threads of one process in together
_LOCK_WAIT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Release:
    """One published file."""

    vintage: str
    path: Path  # inside `releases`
    size_bytes: int


def publish(home: Home, vintage: str) -> Release:
    """Publish the working file as `warehouse-<vintage>.duckdb` and flip the name to it.

    vintage: letters, digits and `._+-`. A release of that vintage with the same content is kept
    and the name flipped to it. Whatever fails, the published name stays where it was.
    Raises WarehouseBusy, WarehouseFull, WarehouseDamaged, and ReleaseConflict where the vintage
    exists with other content.
    """
    if not _VINTAGE.fullmatch(vintage):
        raise ValueError(f"vintage {vintage!r}: expected letters, digits and ._+- only")
    if not home.working.exists():
        raise WarehouseError(f"{home.working} does not exist: there is nothing to publish.")
    with writing(home, f"publish {vintage}"):
        _require_link(home)
        home.releases.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(home)
        path = home.releases / f"warehouse-{vintage}.duckdb"
        if not _is_kept(home, path):
            write_release(home, path)
        with explained(home.working), writable(home.working) as connection:
            content = content_of(connection)
        with explained(home.published_content):
            private_file(home.published_content).write_text(f"{vintage} {content}\n")
        flip(home, path)
        return _as_release(path)


def published_release(home: Home) -> Release | None:
    """The release the published name points to, or None before the first publication.

    Raises WarehouseDamaged where the name points to a file that is gone.
    """
    if not os.path.lexists(home.published):
        return None
    _require_link(home)
    if not home.published.exists():
        raise WarehouseDamaged(
            f"{home.published} points to {os.readlink(home.published)}, which is gone.\n"
            f"  Run `yearbook repair`: it restores the file, and says from what."
        )
    return _as_release(home.releases / home.published.resolve().name)


def releases(home: Home) -> list[Release]:
    """All releases, oldest first: by vintage, since a clock may go back."""
    found = [path for path in home.releases.glob("*.duckdb") if _RELEASE.fullmatch(path.name)]
    return [_as_release(path) for path in sorted(found, key=vintage_of)]


def relink(home: Home) -> Release | None:
    """Where the published name was lost, point it at the release with the highest vintage.

    Without it the history in the releases would be taken for never published. Returns the release
    when it had to, None when the name is there or nothing was ever published.
    """
    with writing(home, "restore the published name"):
        found = releases(home)
        if os.path.lexists(home.published) or not found:
            return None
        last = max(found, key=lambda release: release.vintage)
        flip(home, last.path)
        return last


def prune(home: Home, keep: int) -> list[Release]:
    """Delete the oldest releases beyond `keep`, never the published one; return the deleted.

    Safe beside readers: on POSIX an open file stays readable after its name is gone.
    """
    if keep < 1:
        raise ValueError(f"keep = {keep}: expected 1 or more releases to keep")
    with writing(home, f"prune to {keep} releases"):
        published = published_release(home)
        old = [release for release in releases(home)[:-keep] if release != published]
        for release in old:
            release.path.unlink()
        sync_folder(home.releases)
        return old


def stop_publishing(seconds: float) -> None:
    """Let this process publish no more: it is about to end, and to say what is published.

    seconds: how long a publication that is under way may take to its end.
    """
    _ONE_AT_A_TIME.acquire(timeout=seconds)


@contextmanager
def writing(home: Home, purpose: str) -> Iterator[None]:
    """The writer's lock, and one thread at a time."""
    with writer_lock(home, purpose, _LOCK_WAIT_SECONDS), _ONE_AT_A_TIME:
        yield


def _require_link(home: Home) -> None:
    if home.published.exists() and not home.published.is_symlink():
        raise WarehouseError(
            f"{home.published} is a file, expected a symbolic link into {home.releases}.\n"
            f"  Publication did not make it. Move it away and try again."
        )


def _remove_leftovers(home: Home) -> None:
    """Remove what killed publications left. Under the writer's lock no live one can own it."""
    for path in [*home.releases.glob(".partial-*"), *home.root.glob(".warehouse.duckdb.*")]:
        path.unlink()


def _is_kept(home: Home, path: Path) -> bool:
    """Whether `path` is there and says what the working file says."""
    if not path.exists():
        return False
    try:
        with writable(home.working) as connection:
            same = _same_content(connection, current(connection), path)
    except WarehouseDamaged:
        if damage_of(home.working, writable) is not None:
            raise
        return False  # the release is the damaged one: write it again
    if not same:
        raise ReleaseConflict(
            f"{path} exists and differs from what is to be published.\n"
            f"  A release never changes. Publish under another vintage. "
            f"The published warehouse is as it was."
        )
    return True


def write_release(home: Home, path: Path) -> None:
    """The working file as the release `path`, whole under its name or not there."""
    partial = home.releases / f".partial-{path.stem.removeprefix('warehouse-')}-{os.getpid()}"
    try:
        with explained(partial):
            with writable(home.working) as connection:
                copy_database(connection, current(connection), partial)
            require_closed(partial)
            partial.chmod(0o444)
            sync_file(partial)
            partial.rename(path)
            sync_folder(home.releases)
    finally:
        remove_database(partial)


def copy_database(connection: duckdb.DuckDBPyConnection, source: str, target: Path) -> None:
    """Copy schemas, tables, constraints, comments, views and macros of `source` to a new file.

    Private schemas are dropped again before a row is copied and before anything is committed.
    """
    connection.execute(
        f"attach {literal(target)} as copied (storage_version {literal(STORAGE_VERSION)})"
    )
    try:
        connection.begin()
        connection.execute(f"copy from database {quoted(source)} to copied (schema)")
        for schema in PRIVATE_SCHEMAS:
            connection.execute(f"drop schema if exists copied.{quoted(schema)} cascade")
        for name in tables_of(connection, source, PRIVATE_SCHEMAS):
            connection.execute(
                f"insert into copied.{name} by name "
                f"select * from {quoted(source)}.{name} order by all"
            )
        connection.commit()
        connection.execute("checkpoint copied")
    except BaseException:
        with suppress(duckdb.Error):
            connection.rollback()
        raise
    finally:
        connection.execute("detach copied")


def require_closed(partial: Path) -> None:
    """A log beside the file would mean rows that are not in it yet."""
    if logs := logs_of(partial):
        raise WarehouseError(f"{logs[0]} was left by the checkpoint: the copy is not whole.")


def flip(home: Home, path: Path) -> None:
    """Point the published name at `path`, which is on disk already."""
    link = home.root / f".warehouse.duckdb.{os.getpid()}"
    with explained(home.published):
        try:
            link.symlink_to(path.relative_to(home.root))
            os.replace(link, home.published)
            sync_folder(home.root)
        finally:
            link.unlink(missing_ok=True)


def content_of(connection: duckdb.DuckDBPyConnection) -> str:
    """A digest of all that is published of the working file, whatever the order of its rows.

    By it a release that was damaged may be written again from a working file that still says the
    same. Another version of DuckDB may hash otherwise: then they differ, and nothing is written.
    """
    source = current(connection)
    digest = hashlib.sha256(repr(_catalog(connection, source)).encode())
    for name in tables_of(connection, source, PRIVATE_SCHEMAS):
        counted = f"select count(*), sum(cast(hash(t) as hugeint)) from {name} as t"
        digest.update(repr((name, *connection.execute(counted).fetchall())).encode())
    return digest.hexdigest()


def _same_content(connection: duckdb.DuckDBPyConnection, source: str, path: Path) -> bool:
    connection.execute(f"attach {literal(path)} as other (read_only)")
    try:
        if _catalog(connection, source) != _catalog(connection, "other"):
            return False
        tables = tables_of(connection, source, PRIVATE_SCHEMAS)
        return all(_same_rows(connection, source, "other", name) for name in tables)
    finally:
        connection.execute("detach other")


def _same_rows(connection: duckdb.DuckDBPyConnection, one: str, two: str, name: str) -> bool:
    first, second = f"{quoted(one)}.{name}", f"{quoted(two)}.{name}"
    counts, missing = connection.execute(
        f"select (select count(*) from {first}) = (select count(*) from {second}), "
        f"exists (select * from {first} except all select * from {second})"
    ).fetchall()[0]
    return bool(counts) and not missing


def _catalog(connection: duckdb.DuckDBPyConnection, database: str) -> list[tuple[object, ...]]:
    """All that describes a database besides its rows, private schemas left out."""
    return connection.execute(
        query_text("warehouse/catalog"),
        {"name": database, "private": list(PRIVATE_SCHEMAS)},
    ).fetchall()


def vintage_of(path: Path) -> str:
    """The vintage of a release, which its name says."""
    match = _RELEASE.fullmatch(path.name)
    if match is None:
        raise NothingPublished(f"{path} is not a release: expected warehouse-<vintage>.duckdb.")
    return match["vintage"]


def _as_release(path: Path) -> Release:
    return Release(vintage_of(path), path, path.stat().st_size)


def logs_of(path: Path) -> list[Path]:
    """DuckDB's write-ahead log beside a file, with its `.checkpoint` and `.recovery` forms."""
    return sorted(path.parent.glob(f"{path.name}.wal*"))


def remove_database(path: Path) -> None:
    """Remove a file and its logs, as far as they are there."""
    for file in (path, *logs_of(path)):
        file.unlink(missing_ok=True)


def sync_file(path: Path) -> None:
    """See that a file is on disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """See that the names in a folder are on disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
