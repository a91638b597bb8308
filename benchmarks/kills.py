"""A campaign of kills: over refresh, add, repair, export, and publication with pruning, by SIGKILL.

    uv run python -m benchmarks.kills --kills 1000
    uv run python -m benchmarks.kills --kills 40 --of publish,repair

Half of the kills fall at a moment of the clock, half at one of the calls that open, rename, link or
remove a file, counted over the whole of the work. What is worked on is what the kill before left.
After each: the published name leads to one whole vintage, the last one or the new one; no vintage
published before is lost; what was to be filed or exported is there whole or not at all; and the
work, done again, succeeds. Two processes read the published file all the while, one of which keeps
older releases open while they are pruned; they must see whole vintages alone.

A process that has imported everything forks each child, so that kills fall into the work. The
count that is asked for is spread over the kinds by what each costs; work that ended before its
kill does not count and is tried again.
"""

import argparse
import contextlib
import hashlib
import io
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from benchmarks.small_landing import change, lay_documents

PROJECT = Path(__file__).parents[1]
SHARES = {"publish": 0.5, "repair": 0.3, "export": 0.1, "add": 0.07, "refresh": 0.03}
ROWS = 1000
KEPT = 3  # releases
TOLD_EVERY = 50
ARRIVES = PROJECT / "landing" / "nbs_regional_annual" / "2024" / "annual.xlsx"
STAMPS = (
    "select (select min(stamp) from a.one), (select max(stamp) from a.one), "
    "(select min(stamp) from b.two), (select max(stamp) from b.two), "
    f"(select count(*) from a.one) + (select count(*) from b.two) - {2 * ROWS}, "
    "(select count(*) from a.history)"
)
_CALLS = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.chmod")


@dataclass(slots=True)
class Count:
    """What became of the kills of one kind."""

    killed: int = 0
    ended: int = 0  # before their kill
    lost: int = 0
    mixed: int = 0
    wrong: list[str] = field(default_factory=list)

    def check(self, holds: bool, what: str, is_mixed: bool = False) -> None:
        """Count what does not hold."""
        if not holds:
            self.mixed += is_mixed
            self.lost += not is_mixed
            self.wrong.append(what)


@dataclass(frozen=True, slots=True)
class Work:
    """Work to be killed. length: seconds that it took whole; calls: on files, that it made."""

    run: Callable[..., None]
    arguments: tuple[Any, ...]
    length: float
    calls: int


# --- what is killed: each of these runs in a process of its own


def counted(
    work: Callable[..., None], arguments: tuple[Any, ...], told: "SimpleQueue[int]"
) -> None:
    """Do the work and tell how many calls on files it made."""
    seen = 0

    def count(event: str, _: tuple[object, ...]) -> None:
        nonlocal seen
        seen += event in _CALLS

    sys.addaudithook(count)
    quietly(work, arguments)
    told.put(seen)


def dying(work: Callable[..., None], arguments: tuple[Any, ...], at: int) -> None:
    """Do the work and die at one of its calls on files."""
    left = at

    def die(event: str, _: tuple[object, ...]) -> None:
        nonlocal left
        if event in _CALLS:
            left -= 1
            if left == 0:
                left = -1  # the call that kills is one of those that are told
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(die)
    quietly(work, arguments)


def quietly(work: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        work(*arguments)


def write_stamp(root: Path, stamp: int) -> None:
    """Two tables in two transactions, each full of one stamp, and every stamp in a third."""
    from assets.warehouse.home import Home
    from assets.warehouse.store import Store

    store = Store(Home(root).working)
    for name in ("a.one", "b.two"):
        select = f"select {stamp} as stamp, i, md5(i::varchar) as text from range({ROWS}) r(i)"
        store.create_as(name, select, "one row per i", {})
    store.create_as("a.history", f"select i as stamp from range({stamp + 1}) r(i)", "stamps", {})


def publish_next(root: Path, stamp: int) -> None:
    """Write, publish and prune, as a refresh does at its end."""
    from assets.warehouse.home import Home
    from assets.warehouse.lock import writer_lock
    from assets.warehouse.publish import prune, publish

    home = Home(root)
    with writer_lock(home, "kills", wait_seconds=30):
        write_stamp(root, stamp)
        publish(home, f"{stamp:06d}")
        prune(home, KEPT)


def command(root: Path, *arguments: str) -> None:
    """A command of `yearbook`, in this process."""
    from assets.warehouse.home import HOME_VARIABLE
    from orchestration.commands.cli import main

    os.environ[HOME_VARIABLE] = str(root)
    code = main(arguments)
    if code:
        raise SystemExit(code)


def refresh_home(root: Path) -> None:
    from assets.warehouse.home import Home
    from orchestration.refresh import refresh

    refresh(Home(root), 60.0)


# --- who reads meanwhile


def read(root: Path, stop: Event, told: "SimpleQueue[tuple[int, int, list[str], int]]") -> None:
    """Read through the published name, and from releases kept open, until the event is set.

    Tells reads, mixed reads, errors, and reads of releases whose file was gone by then.
    """
    from assets.warehouse.home import Home
    from assets.warehouse.reader import open_published

    os.nice(5)  # what is killed goes first
    reads, mixed, pruned, errors = 0, 0, 0, []
    with contextlib.ExitStack() as kept_open:
        held: list[tuple[Any, tuple[Any, ...], Path]] = []
        while not stop.is_set():
            try:
                path = Home(root).published.resolve()
                connection = kept_open.enter_context(open_published(Home(root)))
                row = connection.execute(STAMPS).fetchall()[0]
                if held and held[-1][1] == row:
                    connection.close()
                else:
                    held.append((connection, row, path))
                for connection, before, path in held:
                    reads += 1
                    row = connection.execute(STAMPS).fetchall()[0]
                    mixed += row != before or not is_whole(row)
                    pruned += not path.exists()
                if len(held) > KEPT + 4:
                    held.pop(0)[0].close()
            except Exception as error:
                errors.append(repr(error))
            time.sleep(0.3)
    told.put((reads, mixed, errors, pruned))


def is_whole(row: tuple[Any, ...]) -> bool:
    low, high, low_too, high_too, surplus, history = row
    return low == high == low_too == high_too == history - 1 and surplus == 0


# --- the campaign


class Campaign:
    """The kills of all kinds, in one folder."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.until = float("inf")
        self.chance = random.Random(seed)
        self.server: ForkServerContext = multiprocessing.get_context("forkserver")
        self.server.set_forkserver_preload(
            ["orchestration.definitions", "orchestration.refresh", "great_expectations", "sqlglot"]
        )

    def goes_on(self, count: Count) -> bool:
        """Whether there is time for another kill; tells how far it is."""
        if count.killed and count.killed % TOLD_EVERY == 0:
            print(f"  {count.killed} kills, {count.lost} lost, {count.mixed} mixed", flush=True)
        return time.monotonic() < self.until

    def start(self, target: Callable[..., None], *arguments: Any) -> BaseProcess:
        process = self.server.Process(target=target, args=arguments)
        process.start()
        return process

    def measured(self, run: Callable[..., None], *arguments: Any) -> Work:
        """The work done once, whole."""
        told: SimpleQueue[int] = self.server.SimpleQueue()
        began = time.monotonic()
        process = self.start(counted, run, arguments, told)
        process.join()
        if process.exitcode != 0:
            raise SystemExit(f"{run.__name__} ended with {process.exitcode} before any kill")
        return Work(run, arguments, time.monotonic() - began, told.get())

    def kill(self, work: Work, *arguments: Any) -> bool:
        """Do the work and kill it; whether it was still at it."""
        if self.chance.random() < 0.5:
            process = self.start(dying, work.run, arguments, self.chance.randint(1, work.calls))
            process.join()
        else:
            process = self.start(quietly, work.run, arguments)
            process.join(self.chance.uniform(0, work.length))
            process.kill()
            process.join()
        return process.exitcode == -signal.SIGKILL

    def again(self, run: Callable[..., None], *arguments: Any) -> bool:
        """Do the work and let it end; whether it succeeded."""
        process = self.start(quietly, run, arguments)
        process.join()
        return process.exitcode == 0

    @contextlib.contextmanager
    def readers(self, root: Path, count: Count, readers: int = 2) -> Iterator[None]:
        """Processes that read while the block runs, and what they saw."""
        stop = self.server.Event()
        told: SimpleQueue[Any] = self.server.SimpleQueue()
        started = [self.start(read, root, stop, told) for _ in range(readers)]
        yield
        stop.set()
        for _ in started:
            reads, mixed, errors, pruned = told.get()
            print(f"  reader: {reads} reads, {mixed} mixed, {len(errors)} errors,", end=" ")
            print(f"{pruned} of releases that were pruned by then")
            count.mixed += mixed
            count.lost += len(errors)
            count.wrong += errors[:3]
        for process in started:
            process.join()

    def publish(self, kills: int) -> Count:
        """Write, publish and prune; readers keep old releases open."""
        root, count = self.folder / "publish", Count()
        home = prepared(root)
        publish_next(root, 0)
        work = self.measured(publish_next, root, 1)
        stamp = 1
        with self.readers(root, count):
            while count.killed < kills and self.goes_on(count):
                stamp += 1
                is_killed = self.kill(work, root, stamp)
                count.killed += is_killed
                count.ended += not is_killed
                row = published_row(home)
                count.check(is_whole(row), f"mixed after a kill: {row}", is_mixed=True)
                count.check(row[0] in (stamp - 1, stamp), f"{row[0]} after {stamp}")
                count.check(self.again(publish_next, root, stamp), f"{stamp} not published again")
                count.check(published_row(home)[0] == stamp, f"{stamp} is not what readers see")
                left = leftovers(home)
                count.check(not left, f"left behind: {left}")
        return count

    def repair(self, kills: int) -> Count:
        """Spoil the working file, the release in force or both, and kill the repair."""
        from assets.warehouse.publish import releases

        root, count = self.folder / "repair", Count()
        home = prepared(root)
        publish_next(root, 0)
        publish_next(root, 1)
        self.spoil(home, ("working", "published"))
        work = self.measured(command, root, "repair")
        stamp = 1
        while count.killed < kills and self.goes_on(count):
            stamp += 1
            publish_next(root, stamp)
            spoilt = self.chance.choice([("working",), ("published",), ("working", "published")])
            others = [int(each.vintage) for each in releases(home) if int(each.vintage) < stamp]
            # With both gone readers get the release before, which nobody can be spared.
            expected = max(others) if len(spoilt) == 2 else stamp
            self.spoil(home, spoilt)
            is_killed = self.kill(work, root, "repair")
            count.killed += is_killed
            count.ended += not is_killed
            count.check(self.again(command, root, "repair"), "repair fails after a kill")
            row = published_row(home)
            count.check(is_whole(row), f"mixed after repair: {row}", is_mixed=True)
            count.check(row[0] == expected, f"{row[0]} after {spoilt} of {stamp}")
            from assets.warehouse.store import Store

            kept = Store(home.working).rows(STAMPS)[0]
            count.check(is_whole(kept), f"the working file says {kept}", is_mixed=True)
        return count

    def spoil(self, home: Any, which: tuple[str, ...]) -> None:
        for each in which:
            path = getattr(home, each).resolve()
            path.chmod(0o644)
            with path.open("r+b") as file:
                file.truncate(self.chance.randrange(path.stat().st_size // 2))

    def export(self, kills: int) -> Count:
        """Replace an export; whoever opens it finds the one before or the new one, whole."""
        root, count = self.warehouse(), Count()
        target = self.folder / "exported"
        given = ("export", "--format", "csv", "--to", str(target), "--replace")
        work = self.measured(command, root, *given)
        while count.killed < kills and self.goes_on(count):
            is_killed = self.kill(work, root, *given)
            count.killed += is_killed
            count.ended += not is_killed
            count.check(is_whole_export(target), "the export is not whole", is_mixed=True)
            if count.killed % 10 == 0:
                count.check(self.again(command, root, *given), "export fails after a kill")
                count.check(is_whole_export(target), "the export is not whole", is_mixed=True)
                left = [path.name for path in target.parent.glob(".exported.*")]
                count.check(not left, f"left behind: {left}")
        return count

    def add(self, kills: int) -> Count:
        """File an edition; it is there whole, or not at all."""
        root, count = self.folder / "add", Count()
        shutil.copytree(
            PROJECT / "landing" / "nbs_regional_annual",
            root / "landing" / "nbs_regional_annual",
            ignore=lambda folder, names: [name for name in names if name == "2024"],
        )
        source = root / "landing" / "nbs_regional_annual"
        file = self.folder / "annual_2024.xlsx"
        shutil.copy(ARRIVES, file)
        given = ("add", str(file), "--yes", "--published-on", "2024-10-05")
        work = self.measured(command, root, *given)
        whole = contents(source / "2024")
        while count.killed < kills and self.goes_on(count):
            shutil.rmtree(source / "2024", ignore_errors=True)
            is_killed = self.kill(work, root, *given)
            count.killed += is_killed
            count.ended += not is_killed
            there = (source / "2024").exists()
            if there:
                said = contents(source / "2024")
                count.check(said == whole, f"half filed: {sorted(said)}", is_mixed=True)
            if count.killed % 10 == 0:
                shutil.rmtree(source / "2024", ignore_errors=True)
                count.check(self.again(command, root, *given), "add fails after a kill")
                left = [path.name for path in source.iterdir() if path.name.startswith(".")]
                count.check(not left, f"left behind: {left}")
        return count

    def refresh(self, kills: int) -> Count:
        """Re-issue a figure and refresh; every fifth kill is followed by a refresh that ends."""
        root, count = self.warehouse(), Count()
        from assets.warehouse.home import Home

        home, figure = Home(root), 8718.3
        figure = change_figure(home, figure)
        work = self.measured(refresh_home, root)
        vintages = vintages_of(home)
        while count.killed < kills and self.goes_on(count):
            figure = change_figure(home, figure)
            is_killed = self.kill(work, root)
            count.killed += is_killed
            count.ended += not is_killed
            found = vintages_of(home)
            count.check(found[: len(vintages)] == vintages, f"lost: {vintages} became {found}")
            count.check(len(found) <= len(vintages) + 1, f"{found} after {vintages}")
            count.check(is_one_vintage(home), "tables of two vintages", is_mixed=True)
            if count.killed % 5 == 0 or count.killed == kills:
                count.check(self.again(refresh_home, root), "refresh fails after kills")
                count.check(figure_of(home) == figure, "a figure is lost")
            vintages = vintages_of(home)
        return count

    def warehouse(self) -> Path:
        """The small warehouse, refreshed once."""
        root = self.folder / "warehouse"
        if not root.exists():
            lay_documents(root / "landing")
            if not self.again(refresh_home, root):
                raise SystemExit("The first refresh failed.")
        return root


def prepared(root: Path) -> Any:
    from assets.warehouse.home import Home

    root.mkdir(parents=True)
    return Home(root).prepare()


def published_row(home: Any) -> tuple[Any, ...]:
    from assets.warehouse.reader import query

    return query(home, STAMPS).rows[0]


def leftovers(home: Any) -> list[str]:
    found = (*home.releases.glob(".*"), *home.releases.glob("*.wal*"), *home.root.glob(".w*"))
    return [path.name for path in found]


def contents(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.is_file()
    }


def is_whole_export(target: Path) -> bool:
    """Whether every file of its list of sums is there as it says, and none besides."""
    sums = target / "SHA256SUMS"
    if not sums.exists():
        return False
    listed = {line[66:]: line[:64] for line in sums.read_text(encoding="utf-8").splitlines()}
    return listed == {
        str(path.relative_to(target)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in target.rglob("*")
        if path.is_file() and path != sums
    }


def change_figure(home: Any, figure: float) -> float:
    """Re-issue a document with another figure, which is returned."""
    new = round(figure + 0.1, 1)
    change(home.landing, f"{figure}", f"{new}")
    return new


def vintages_of(home: Any) -> list[str]:
    from assets.warehouse.reader import query

    return [
        str(name) for (name,) in query(home, "select vintage from model.vintage order by 1").rows
    ]


def is_one_vintage(home: Any) -> bool:
    """Whether what was fitted, and the figure and the index of it, are of the last vintage."""
    from assets.warehouse.reader import query

    sql = (
        "select (select max(vintage) from model.vintage) = (select max(vintage) from model.fit) "
        "and (select max(vintage) from model.fit) = (select max(vintage) from model.coefficient), "
        "(select value from indices.economic_growth where study = 'gansu_gdp_revised' "
        "and sample = 'first_printed' and reference_year = 2019) * 2647"
    )
    ((same, product),) = query(home, sql).rows
    return bool(same) and abs(product - figure_of(home)) < 1e-6


def figure_of(home: Any) -> float:
    from assets.warehouse.reader import query

    sql = (
        "select value from raw.observation where source = 'nbs_regional_accounts' "
        "and edition = 2019 and indicator = 'gross_product'"
    )
    return float(query(home, sql).rows[0][0])


def campaign(
    kills: dict[str, int], seed: int, folder: Path, seconds: float = float("inf")
) -> dict[str, Count]:
    """Kill so often per kind, or as often as there is time for; what became of it."""
    made = Campaign(folder, seed)
    counts = {}
    for kind, number in kills.items():
        began = time.monotonic()
        made.until = began + seconds * SHARES[kind] / sum(SHARES[each] for each in kills)
        counts[kind] = count = getattr(made, kind)(number)
        print(
            f"{kind}: {count.killed} kills ({count.ended} had ended before), {count.lost} lost, "
            f"{count.mixed} mixed; {time.monotonic() - began:.0f} s",
            flush=True,
        )
        for what in count.wrong[:5]:
            print(f"  {what}")
    return counts


def main() -> int:
    """Print what became of each kind, and of all; 1 where anything was lost or mixed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--of", default=",".join(SHARES), help=f"kinds: {', '.join(SHARES)}")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="at most")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--folder", type=Path, help="to work in (default: a temporary one)")
    options = parser.parse_args()
    kinds = options.of.split(",")
    of_all = sum(SHARES[kind] for kind in kinds)
    kills = {kind: max(1, round(options.kills * SHARES[kind] / of_all)) for kind in kinds}
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        counts = campaign(kills, options.seed, Path(folder), 60 * options.minutes)
    killed, lost, mixed = (
        sum(getattr(count, name) for count in counts.values())
        for name in ("killed", "lost", "mixed")
    )
    print(f"{killed} kills: {lost} lost, {mixed} mixed")
    return int(lost + mixed > 0)


if __name__ == "__main__":
    sys.exit(main())
