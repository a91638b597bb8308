"""What the tests run in other processes: readers, writers, holders and processes that die."""

import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from assets.warehouse import publish as publication
from assets.warehouse.connection import read_only
from assets.warehouse.errors import WarehouseFull
from assets.warehouse.home import Home
from assets.warehouse.lock import writer_lock
from assets.warehouse.reader import open_published
from assets.warehouse.store import Store

ROWS = 1000
STAMPS = (
    "select (select min(stamp) from a.one), (select max(stamp) from a.one), "
    "(select min(stamp) from b.two), (select max(stamp) from b.two), "
    f"(select count(*) from a.one) + (select count(*) from b.two) - {2 * ROWS}"
)


def write_stamp(home: Home, stamp: int) -> None:
    """Two tables in two transactions, each full of one stamp: a mixed read shows."""
    store = Store(home.working)
    for name in ("a.one", "b.two"):
        select = f"select {stamp} as stamp, i, md5(i::varchar) as text from range({ROWS}) r(i)"
        with store.transaction() as writes:
            writes.create_as(name, select, "one row per i", {})


def read(root: Path) -> None:
    """Read through the published name until a file `stop` appears; print what was seen."""
    home, reads, errors, mixed, backwards, last = Home(root), 0, [], 0, 0, -1
    while not (root / "stop").exists():
        try:
            with open_published(home) as connection:
                low, high, low2, high2, surplus = connection.execute(STAMPS).fetchall()[0]
        except Exception as error:
            errors.append(repr(error))
            continue
        reads += 1
        mixed += not (low == high == low2 == high2 and surplus == 0)
        backwards += low < last
        last = low
    print(
        json.dumps({"reads": reads, "errors": errors, "mixed": mixed, "backwards": backwards}),
        flush=True,
    )


def write(root: Path, first: str) -> None:
    """Write and publish for ever; print each stamp once its publication returned."""
    home, stamp = Home(root), int(first)
    while True:
        with writer_lock(home, "test"):
            write_stamp(home, stamp)
            publication.publish(home, f"{stamp:06d}")
            publication.prune(home, keep=2)
        print(stamp, flush=True)
        stamp += 1


def crash(root: Path, stamp: str, step: str, when: str) -> None:
    """Publish one stamp and die by SIGKILL just before or after one step of publication."""
    home = Home(root)
    write_stamp(home, int(stamp))
    owner: object = os if step == "replace" else Path if step == "rename" else publication
    original = getattr(owner, step)

    def dying(*arguments: object) -> None:
        if when == "after":
            original(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, step, dying)
    publication.publish(home, f"{int(stamp):06d}")


def limited(root: Path, stamp: str) -> None:
    """Publish where no file may grow: what a full disk does, without a disk."""
    home = Home(root)
    write_stamp(home, int(stamp))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    try:
        publication.publish(home, f"{int(stamp):06d}")
    except WarehouseFull as error:
        print(error, flush=True)


def hold_lock(root: Path, seconds: str) -> None:
    """Hold the writer's lock."""
    with writer_lock(Home(root), "holding still"):
        print("held", flush=True)
        time.sleep(float(seconds))


def hold_file(root: Path, seconds: str) -> None:
    """Hold the working file open."""
    with duckdb.connect(Home(root).working):
        print("held", flush=True)
        time.sleep(float(seconds))


def look(root: Path, seconds: str) -> None:
    """Have the working file open for reading alone."""
    with read_only(Home(root).working):
        print("looking", flush=True)
        time.sleep(float(seconds))


def count_up(root: Path, times: str) -> None:
    """Read a number and write it back plus one, under the lock: a lost update shows."""
    home = Home(root)
    store = Store(home.working)
    for _ in range(int(times)):
        with writer_lock(home, "count up", wait_seconds=60):
            ((number,),) = store.rows("select number from a.counter")
            with store.transaction() as writes:
                writes.create_as("a.counter", f"select {number + 1} as number", "one row", {})


if __name__ == "__main__":
    COMMANDS: dict[str, Callable[..., None]] = {
        "read": read,
        "write": write,
        "crash": crash,
        "limited": limited,
        "hold_lock": hold_lock,
        "hold_file": hold_file,
        "look": look,
        "count_up": count_up,
    }
    COMMANDS[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])
