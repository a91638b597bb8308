"""What publication costs, and what readers see: publishing against rewriting in place.

Run: python benchmarks/publication.py [rows]. Prints one line per measure. All in one run on one
machine, so that ratios can be compared where times cannot. Not here: assertions (tests/warehouse).
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from assets.warehouse.connection import read_only
from assets.warehouse.home import Home
from assets.warehouse.publish import prune, publish
from assets.warehouse.reader import open_published
from assets.warehouse.store import Store

ROUNDS = 15
READERS = 2
TABLES = ("a.one", "b.two")
STAMPS = "select (select max(stamp) from a.one), (select max(stamp) from b.two)"


def write(store: Store, stamp: int, rows: int) -> None:
    """Fill both tables with one stamp, each in its own transaction, as two assets would."""
    for name in TABLES:
        write_table(store, name, stamp, rows)


def write_table(store: Store, name: str, stamp: int, rows: int) -> None:
    """Fill one table with one stamp, in one transaction."""
    select = f"select {stamp} as stamp, i, md5(i::varchar) as text from range({rows}) r(i)"
    with store.transaction() as writes:
        writes.create_as(name, select, "one row per i", {})


def read(root: Path, in_place: bool) -> None:
    """Read both stamps until a file `stop` appears; print reads, errors and mixed reads."""
    home, reads, errors, mixed = Home(root), 0, 0, 0
    while not (root / "stop").exists():
        try:
            with read_only(home.working) if in_place else open_published(home) as connection:
                one, two = connection.execute(STAMPS).fetchall()[0]
        except Exception:  # whatever a reader would have seen counts
            errors += 1
            continue
        reads += 1
        mixed += one != two
    print(reads, errors, mixed)


def beside_readers(work: Callable[[int], None], home: Home, in_place: bool) -> tuple[int, ...]:
    """Run `work` ROUNDS times beside the readers; return their reads, errors and mixed reads."""
    command = [sys.executable, __file__, "--read", str(home.root), str(int(in_place))]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    readers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(READERS)
    ]
    time.sleep(1)  # both have started
    for stamp in range(1, ROUNDS + 1):
        work(stamp)
    (home.root / "stop").touch()
    seen = [tuple(map(int, reader.communicate()[0].split())) for reader in readers]
    return tuple(map(sum, zip(*seen, strict=True)))


def publishing(home: Home, rows: int) -> tuple[int, ...]:
    """Write the working file, then publish it."""

    def once(stamp: int) -> None:
        write(Store(home.working), stamp, rows)
        publish(home, f"{stamp:06d}")
        prune(home, keep=2)

    once(0)
    return beside_readers(once, home, in_place=False)


def rewriting(home: Home, rows: int) -> tuple[int, ...]:
    """Write into the file the readers open; where a reader holds it, try until it is free."""

    def once(stamp: int) -> None:
        store = Store(home.working)
        for name in TABLES:
            insist(partial(write_table, store, name, stamp, rows))

    write(Store(home.working), 0, rows)
    return beside_readers(once, home, in_place=True)


def insist(work: Callable[[], object]) -> None:
    """Repeat `work` until no reader is in its way."""
    while True:
        try:
            work()
        except Exception:  # locked by a reader
            time.sleep(0.002)
        else:
            return


def publication_against_copy(home: Home, rows: int) -> tuple[float, float]:
    """Median seconds of publish and of a plain copy, flushed to disk, of the same file."""
    store, published, copied = Store(home.working), [], []
    for stamp in range(ROUNDS):
        write(store, stamp, rows)
        start = time.perf_counter()
        publish(home, f"{stamp:06d}")
        published.append(time.perf_counter() - start)
        start = time.perf_counter()
        copy = Path(shutil.copyfile(home.working, home.root / "copy"))
        with copy.open("rb") as file:
            os.fsync(file.fileno())
        copied.append(time.perf_counter() - start)
        prune(home, keep=2)
    return statistics.median(published), statistics.median(copied)


def main(rows: int) -> None:
    """Run the three measurements, each in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        homes = [Home(Path(folder) / name).prepare() for name in ("cost", "publish", "in_place")]
        publication, copy = publication_against_copy(homes[0], rows)
        size_mb = homes[0].working.stat().st_size / 1e6
        print(f"working file: {size_mb:.1f} MB, {len(TABLES)} tables of {rows:,} rows")
        print(f"publication {publication * 1e3:.1f} ms, file copy with fsync {copy * 1e3:.1f} ms")
        print(f"ratio publication / copy: {publication / copy:.2f}")
        for label, run, home in (
            ("publishing", publishing, homes[1]),
            ("rewriting in place", rewriting, homes[2]),
        ):
            reads, errors, mixed = run(home, rows)
            print(f"{label}, {ROUNDS} rounds: {reads} reads, {errors} errors, {mixed} mixed")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        read(Path(sys.argv[2]), bool(int(sys.argv[3])))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 20_000)
