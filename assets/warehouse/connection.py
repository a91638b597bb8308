"""Opening the DuckDB files of this room, and saying in plain words why one does not open.

Belongs here: connection settings, and the translation of DuckDB's errors. Not here:
what is read or written.
"""

import errno
import os
import re
import resource
import shutil
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import duckdb

from assets.warehouse.errors import (
    Holder,
    OtherVersion,
    WarehouseBusy,
    WarehouseDamaged,
    WarehouseError,
    WarehouseFull,
)
from assets.warehouse.private import private_file, private_folder
from assets.warehouse.texts.spelled import literal, quoted
from assets.warehouse.unchanged.reads import note_opening

# DuckDB 1.5 clients open a file only if it was created at this version.
STORAGE_VERSION = "v1.4.0"

# How much memory whoever writes may take; what needs more goes by files beside the working file.
MEMORY_VARIABLE = "YEARBOOK_MEMORY"
_MEMORY_OTHERWISE = "80%"  # of the machine's
_AMOUNT = re.compile(r"[1-9][0-9]*(?:\.[0-9]+)? ?[KMGT]i?B")
READER_MEMORY = "4GB"
# Connections to one file in one process must agree on these; what may differ is SET afterwards.
_Settings = dict[str, str | bool | int | float | list[str]]
_NO_SURPRISES: _Settings = {
    "autoinstall_known_extensions": False,  # never reach for the network
    "autoload_known_extensions": False,
    "python_enable_replacements": False,  # a mistyped table must not match a Python variable
}
_WRITABLE: _Settings = {
    **_NO_SURPRISES,
    "storage_compatibility_version": STORAGE_VERSION,
    # Of files made new. There are hundreds of tables and most are small: blocks of 256 KiB, which
    # DuckDB takes otherwise, are mostly empty and make the file five times as large.
    "default_block_size": 16_384,
}
_READ_ONLY: _Settings = {
    **_NO_SURPRISES,
    "access_mode": "read_only",
    "enable_external_access": False,
    "allow_persistent_secrets": False,
    "temp_directory": "",  # no spilling: what may spill may write (decision 127)
    "memory_limit": READER_MEMORY,  # a query beyond it fails, and what else runs here goes on
    "lock_configuration": True,
}

_LOCKED = re.compile(r"Could not set lock on file .*?held in (?P<command>.+?) \(PID (?P<pid>\d+)\)")
_FULL = re.compile(r"No space left on device|Disk quota exceeded|File too large")
_FORBIDDEN = re.compile(r"Read-only file system|Permission denied")
_DAMAGED = re.compile(
    r"not a valid DuckDB database file|[Cc]orrupt|Could not read enough bytes"
    r"|[Ff]ailed to deserialize|Serialization Error|[Ff]ailure while replaying WAL"
)
_LATER = re.compile(r"(?:with|storage) version number.*?can only read.*?\.", re.DOTALL)
_FILE = re.compile(r'file "(.+?)"')
# What a statement did wrong: its words may be anything, and say nothing of the file.
_OF_THE_STATEMENT = (
    duckdb.ProgrammingError,
    duckdb.DataError,
    duckdb.IntegrityError,
    duckdb.NotSupportedError,
)
_LOOKS_SECONDS = 1.0  # as long as whoever only looks may have the working file open
_BETWEEN_TRIES_SECONDS = 0.02
FULL_NUMBERS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # no room, or a file grew too large

Opened = Callable[[Path], AbstractContextManager[duckdb.DuckDBPyConnection]]

# Databases of this process that a block holds open, by file, and that block's stack.
_HELD: dict[Path, duckdb.DuckDBPyConnection] = {}
_KNOWN: dict[Path, dict[str, object]] = {}  # of files held open; see known_while_open
_SET: dict[Path, tuple[int, str]] = {}  # threads and memory of those, which all connections share
_KEEPING: list[ExitStack] = []


@contextmanager
def kept_open() -> Iterator[None]:
    """Within the block, a file that was opened once stays open until the block's end.

    Opening a release takes as long as fifty queries, since its catalog is read each time. Whoever
    opens one again in the block joins the database that is open: with a connection of its own, and
    so with transactions and temporary tables of its own. The block outlives all of them.
    """
    if _KEEPING:  # inside another such block
        yield
        return
    with ExitStack() as kept:
        _KEEPING.append(kept)
        try:
            yield
        finally:
            _KEEPING.remove(kept)
            _HELD.clear()
            _KNOWN.clear()
            _SET.clear()


def let_go(path: Path) -> None:
    """Close a file that a block keeps open, since another one takes its place."""
    _KNOWN.pop(path, None)
    _SET.pop(path, None)
    held = _HELD.pop(path, None)
    if held is not None:
        held.close()


def known_while_open(path: Path) -> dict[str, object]:
    """What is known of a file for as long as a block keeps it open, when nobody else may write it.

    Of a file that no block keeps open nothing stays known.
    """
    return _KNOWN.setdefault(path, {}) if path in _HELD else {}


def _connected(path: Path, settings: _Settings) -> duckdb.DuckDBPyConnection:
    held = _HELD.get(path)
    if held is None and _KEEPING:
        held = _HELD[path] = _KEEPING[-1].enter_context(_opened(path, settings))
    return _opened(path, settings) if held is None else held.cursor()


def _opened(path: Path, settings: _Settings) -> duckdb.DuckDBPyConnection:
    deadline = time.monotonic() + _LOOKS_SECONDS
    while True:
        try:
            return duckdb.connect(path, config=settings)
        except duckdb.IOException as error:
            if not _LOCKED.search(str(error)) or time.monotonic() >= deadline:
                raise
        time.sleep(_BETWEEN_TRIES_SECONDS)


@contextmanager
def writable(path: Path, threads: int = 1) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that may write `path`, created at STORAGE_VERSION where missing; closed after.

    One thread by default: sums of doubles then have one order, so the same rows give the same
    bits. Whoever only looks at the file (`yearbook status`) is waited for. Raises WarehouseBusy,
    WarehouseFull, WarehouseDamaged, and WarehouseError where YEARBOOK_MEMORY is no amount.
    """
    note_opening()
    memory = memory_limit(_MEMORY_OTHERWISE)
    private_folder(path.parent)
    is_new = not path.exists()
    with explained(path), _connected(path, _WRITABLE) as connection:
        if is_new:
            private_file(path)  # DuckDB opens no empty file, so that it must make its own
        if _SET.get(path) != (threads, memory):
            connection.execute(f"set threads = {threads:d}")
            connection.execute(f"set memory_limit = {literal(memory)}")
            if path in _HELD:
                _SET[path] = threads, memory
        try:
            yield connection
        except duckdb.OutOfMemoryException as error:
            raise WarehouseError(
                f"{path}: more memory is needed than may be taken: {str(error).splitlines()[0]}\n"
                "  Nothing was published; the published warehouse is as it was.\n"
                f"  Allow more by {MEMORY_VARIABLE} (such as 4GB), and run it again."
            ) from error


@contextmanager
def read_only(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to `path` that can do nothing but read it; closed after.

    No writing, attaching, other files, extensions, or changed settings. Raises WarehouseBusy or
    WarehouseDamaged, the latter also where a block turns out damaged while rows are fetched.
    """
    note_opening()
    with explained(path), _connected(path, _READ_ONLY) as connection:
        yield connection


@contextmanager
def in_memory() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to no file, to attach files to; closed after."""
    note_opening()
    with duckdb.connect(":memory:", config=_WRITABLE) as connection:
        connection.execute("set threads = 1")
        yield connection


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn DuckDB's and the system's errors about the file `path` into this room's errors."""
    try:
        yield
    except _OF_THE_STATEMENT:
        raise
    except (duckdb.Error, OSError) as error:
        explanation = _explanation(error, path)
        if explanation is None:
            raise
        raise explanation from error


def memory_limit(otherwise: str) -> str:
    """How much memory DuckDB may take, as YEARBOOK_MEMORY says it. Raises WarehouseError."""
    said = os.environ.get(MEMORY_VARIABLE) or otherwise
    if said != otherwise and not _AMOUNT.fullmatch(said):
        raise WarehouseError(
            f"{MEMORY_VARIABLE} is '{said}'; expected an amount of memory, such as 2GB or 800MB.\n"
            "  Nothing was changed. Correct it, or leave it out."
        )
    return said


def tables_of(
    connection: duckdb.DuckDBPyConnection, database: str, but: Sequence[str] = ()
) -> list[str]:
    """The tables of a database as SQL, those of the schemas `but` left out."""
    found = connection.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = ? and not internal and not list_contains(?, schema_name) "
        "order by all",
        [database, list(but)],
    ).fetchall()
    return [f"{quoted(schema)}.{quoted(noun)}" for schema, noun in found]


def current(connection: duckdb.DuckDBPyConnection) -> str:
    """The name under which a connection knows its file."""
    return str(connection.execute("select current_database()").fetchall()[0][0])


def require_whole(path: Path, opened: Opened = read_only) -> None:
    """Read every table of a file, because a damaged block shows only then.

    Raises WarehouseDamaged, WarehouseBusy.
    """
    with opened(path) as connection:
        for name in tables_of(connection, current(connection)):
            connection.execute(f"select bit_xor(hash(t)) from {name} as t").fetchall()


def damage_of(path: Path, opened: Opened = read_only) -> str | None:
    """A sentence on what is wrong with a file; None where all of it can be read or it is absent."""
    try:
        if path.exists():
            require_whole(path, opened)
    except WarehouseDamaged as error:
        return str(error).splitlines()[0]
    return None


def no_room(what: str, folder: Path | None, cause: object, done: str) -> WarehouseFull:
    """The error that there is no room to write something.

    folder: where it was to lie, None where that is not known; done: what was done before.
    """
    room, remedy = [], "Free some space (old files in releases/ may go)"
    if folder is not None:
        room.append(f"{shutil.disk_usage(folder).free / 1e6:,.1f} MB free on that file system")
    largest, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    if largest != resource.RLIM_INFINITY:
        room.append(f"no file may grow beyond {largest:,} bytes")
        remedy = f"Lift that limit (`ulimit -f`), or {remedy[0].lower()}{remedy[1:]},"
    told = f" ({'; '.join(room)})" if room else ""
    return WarehouseFull(
        f"No room to write {what}{told}: {cause}\n  {done}\n  {remedy} and run it again."
    )


def _explanation(error: Exception, path: Path) -> WarehouseError | None:
    text = str(error)
    if locked := _LOCKED.search(text):
        return _busy(path, int(locked["pid"]), locked["command"])
    if _FULL.search(text) or getattr(error, "errno", None) in FULL_NUMBERS:
        file = _named_file(text, path)
        done = "Nothing was published; the published warehouse is as it was."
        return no_room(str(file), file.parent, text, done)
    if forbidden := _FORBIDDEN.search(text):
        return WarehouseError(
            f"{_named_file(text, path)} cannot be opened: {forbidden[0]}.\n"
            f"  Nothing was changed. Who refreshes must write in {path.parent}; who asks must read "
            f"warehouse.duckdb and the folder it leads to, and nothing else."
        )
    if later := _LATER.search(text):
        return OtherVersion(
            f"{path} was written by a later version of DuckDB ({' '.join(later[0].split())})\n"
            f"  Nothing was changed. Use the version of yearbook that wrote it, or put back the "
            f"copy of before the upgrade (docs/operating.md)."
        )
    if _DAMAGED.search(text):
        return WarehouseDamaged(
            f"{_named_file(text, path)} is damaged: {text.splitlines()[0]}\n"
            f"  Nothing was changed. `yearbook repair` restores it, and says from what."
        )
    return None


def _busy(path: Path, pid: int, command: str) -> WarehouseBusy:
    holder = Holder(pid, socket.gethostname(), command, "has the file open", None)
    return WarehouseBusy(
        f"{path} is open in another process: {holder}.\n"
        f"  Nothing was changed. Close it there (or end process {pid}) and try again.\n"
        f"  To query while the pipeline runs, open warehouse.duckdb, never the working file.",
        holder,
    )


def _named_file(text: str, path: Path) -> Path:
    """The file DuckDB names, which may be one attached to `path`; else `path`."""
    named = _FILE.search(text)
    return path if named is None else Path(named[1])
