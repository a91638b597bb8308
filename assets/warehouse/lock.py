"""The lock of the one writer.

Belongs here: taking, naming and freeing the lock on `.yearbook/lock`; with both, `.yearbook/` is
closed to others. Not here: what is done under it. The lock is the kernel's (flock), so a killed
holder frees it; the text in the file only tells the others who holds it and never counts as a lock
by itself.
"""

import fcntl
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from assets.warehouse.errors import Holder, WarehouseBusy
from assets.warehouse.home import Home
from assets.warehouse.private import close_to_others, private_folder

POLL_SECONDS = 0.1


@dataclass(slots=True)
class _Held:
    descriptor: int
    depth: int


_guard = threading.Lock()
_held: dict[Path, _Held] = {}


def _ignore(holder: Holder) -> None:
    """Wait without telling anyone."""


@contextmanager
def writer_lock(
    home: Home,
    purpose: str,
    wait_seconds: float = 0.0,
    on_wait: Callable[[Holder], None] = _ignore,
) -> Iterator[None]:
    """Hold the writer's lock of `home` while the block runs.

    purpose: what the holder does, shown to those who wait. on_wait is called once for each
    holder waited for. Within a process that holds the lock, further uses count as nested, from
    any thread: the lock keeps processes apart, DuckDB's transactions keep threads apart.
    Raises WarehouseBusy, naming the holder, when wait_seconds pass without the lock.
    """
    path = home.lock_file.absolute()
    private_folder(path.parent)
    _wait_for(path, purpose, wait_seconds, on_wait)
    try:
        yield
    finally:
        _leave(path)


def current_holder(home: Home) -> Holder | None:
    """Who holds the lock now, or None where it is free.

    Only looks: it tries for a shared lock, so two that look do not see each other.
    """
    try:
        descriptor = os.open(home.lock_file, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read_holder(home.lock_file)
    finally:
        os.close(descriptor)
    return None


def _wait_for(
    path: Path, purpose: str, wait_seconds: float, on_wait: Callable[[Holder], None]
) -> None:
    deadline = time.monotonic() + wait_seconds
    told: Holder | None = None
    before: Holder | None = None
    while not _enter(path, purpose):
        holder = _read_holder(path)
        if time.monotonic() >= deadline:
            raise WarehouseBusy(_busy_message(path, holder, wait_seconds), holder)
        # A holder has no name for a moment after it takes the lock, and before it frees it.
        if holder != told and (holder.pid is not None or holder == before):
            on_wait(holder)
            told = holder
        before = holder
        time.sleep(POLL_SECONDS)


def _busy_message(path: Path, holder: Holder, wait_seconds: float) -> str:
    return (
        f"The warehouse is being written by {holder}.\n"
        f"  Waited {wait_seconds:g} s for {path}. Nothing was changed.\n"
        f"  Wait for that process to end, or end it, and try again."
    )


def _enter(path: Path, purpose: str) -> bool:
    with _guard:
        if path in _held:
            _held[path].depth += 1
            return True
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        _held[path] = _Held(descriptor, depth=1)
        close_to_others(path.parent)
        _write_text(descriptor, json.dumps(asdict(_myself(purpose))))
        return True


def _leave(path: Path) -> None:
    with _guard:
        held = _held.get(path)
        if held is None:  # a forked child leaves a block its parent entered
            return
        held.depth -= 1
        if held.depth == 0:
            close_to_others(path.parent)
            del _held[path]
            _write_text(held.descriptor, "")
            os.close(held.descriptor)


def _write_text(descriptor: int, text: str) -> None:
    """Best effort: on a full disk the lock still holds, only its text is missing."""
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, text.encode(), 0)
    except OSError:
        return


def _myself(purpose: str) -> Holder:
    return Holder(
        pid=os.getpid(),
        host=socket.gethostname(),
        command=" ".join(sys.argv),
        purpose=purpose,
        since=datetime.now().astimezone().isoformat(timespec="seconds"),
    )


def _read_holder(path: Path) -> Holder:
    """The holder as the file tells it. The text may be half written or from another version."""
    try:
        return Holder(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return Holder(None, "this host", "unknown command", "unknown purpose", None)


def _forget_in_child() -> None:
    """A forked child must neither think it is the writer nor keep the parent's lock alive."""
    global _guard
    _guard = threading.Lock()
    for held in _held.values():
        os.close(held.descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_forget_in_child)
