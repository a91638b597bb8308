"""A campaign of kills: over refresh, add, repair, export, and publication with pruning, by SIGKILL.

    uv run python -m benchmarks.kills --kills 1000 --folder /dev/shm
    uv run python -m benchmarks.kills --kills 40 --of publish,repair

Half of the kills fall at a moment of the clock, half at one of the calls that open, rename, link or
remove a file, drawn evenly from the phases of the work (`killed_work.py`). What is worked on is
what the kill before left. After each: the published name leads to one whole vintage, the last one
or the new one; no vintage published before is lost; what was to be filed or exported is there whole
or not at all; and the command that the user runs next works: the same again (of all but
repair every fifth time), after a refresh `status` and `query`. Two processes read the published
file all the while and keep older releases open while they are pruned; they must see whole vintages
alone.

The count that is asked for is spread over the kinds; work that ended before its kill does not count
and is tried again. A kill takes no page of memory with it that was written, so that a folder in
memory shows what one on a disk would, sooner.
"""

import argparse
import contextlib
import hashlib
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.killed_work import Kill, Killer
from benchmarks.read_meanwhile import readers
from benchmarks.small_landing import change, lay_documents

PROJECT = Path(__file__).parents[1]
SHARES = {"publish": 0.24, "repair": 0.24, "add": 0.24, "export": 0.24, "refresh": 0.04}
COSTS = {"publish": 1, "repair": 1.3, "add": 1.3, "export": 1.3, "refresh": 15}  # of a kill, about
ROWS = 1000
KEPT = 3  # releases
TOLD_EVERY = 25
REDONE_EVERY = 5  # kills of what takes seconds
ARRIVES = PROJECT / "landing" / "nbs_regional_annual" / "2024" / "annual.xlsx"
IMPORTED = [  # so that a kill falls into the work, and not into what it loads
    "assets.extracts.adding.filing",
    "assets.extracts.document",
    "assets.release.export.export",
    "assets.release.report.drawn",
    "assets.warehouse.repair",
    "great_expectations",
    "openpyxl",
    "orchestration.alerts.look",
    "orchestration.checks.run_tag",
    "orchestration.commands.add",
    "orchestration.commands.cli",
    "orchestration.commands.conversation.filing",
    "orchestration.commands.export",
    "orchestration.commands.repair",
    "orchestration.commands.status",
    "orchestration.runs.damaged_records",
    "orchestration.definitions",
    "orchestration.refresh",
    "orchestration.refusals",
    "pandas",
    "sqlglot",
    "statsmodels.api",
]
# Each begins with whether all of it is of one vintage, and which one.
STAMPS = f"""
with stamp as (
    select
        (select min(stamp) from a.one) as low,
        (select max(stamp) from a.one) as high,
        (select min(stamp) from b.two) as low_too,
        (select max(stamp) from b.two) as high_too,
        (select count(*) from a.one) + (select count(*) from b.two) - {2 * ROWS} as surplus,
        (select count(*) from a.history) as history
)
select
    low = high and high = low_too and low_too = high_too and high_too = history - 1
    and surplus = 0, *
from stamp
"""
FITTED = """
with vintage as (
    select
        (select max(vintage) from model.vintage) as said,
        (select max(vintage) from model.fit) as fitted,
        (select max(vintage) from model.coefficient) as estimated,
        (select value from raw.observation where source = 'nbs_regional_accounts'
         and edition = 2019 and indicator = 'gross_product') as figure,
        (select value from indices.economic_growth where study = 'gansu_gdp_revised'
         and sample = 'first_printed' and reference_year = 2019) * 2647 as product
)
select said = fitted and fitted = estimated and abs(product - figure) < 1e-6, *
from vintage
"""


@dataclass(slots=True)
class Count:
    """What became of the kills of one kind."""

    killed: int = 0
    ended: int = 0  # before their kill
    lost: int = 0
    mixed: int = 0
    wrong: list[str] = field(default_factory=list)
    phases: Counter[tuple[str, str]] = field(default_factory=Counter)  # how, and where it fell

    def add(self, kill: Kill) -> None:
        """Count a kill."""
        self.killed += kill.was_at_work
        self.ended += not kill.was_at_work
        if kill.was_at_work:
            self.phases[kill.how, kill.phase] += 1

    def check(self, holds: bool, what: str, is_mixed: bool = False) -> None:
        """Count what does not hold."""
        if not holds:
            self.mixed += is_mixed
            self.lost += not is_mixed
            self.wrong.append(what)


# --- what is killed: each of these runs in a process of its own


def write_stamp(root: Path, stamp: int) -> None:
    """Two tables in two transactions, each full of one stamp, and every stamp in a third."""
    from assets.warehouse.home import Home
    from assets.warehouse.store import Store

    store = Store(Home(root).working)
    for name in ("a.one", "b.two"):
        select = f"select {stamp} as stamp, i, md5(i::varchar) as text from range({ROWS}) r(i)"
        with store.transaction() as writes:
            writes.create_as(name, select, "one row per i", {})
    with store.transaction() as writes:
        writes.create_as(
            "a.history", f"select i as stamp from range({stamp + 1}) r(i)", "stamps", {}
        )


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


# --- the campaign


class Campaign:
    """The kills of all kinds, in one folder."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.until = float("inf")
        self.chance = random.Random(seed)
        self.killer = Killer(self.chance, IMPORTED)
        self.again = self.killer.succeeds

    @contextlib.contextmanager
    def reading(self, root: Path, sql: str, count: Count) -> Iterator[None]:
        """Two processes that read while the block runs; what they saw counts."""
        with readers(self.killer, root, sql, KEPT + 4) as told:
            yield
        for each in told:
            print(f"  reader: {each.reads} reads, {each.mixed} mixed, {len(each.errors)} errors, ")
            print(f"    {each.of_pruned} of releases that were pruned by then", flush=True)
            count.mixed += each.mixed
            count.lost += len(each.errors)
            count.wrong += each.errors[:3]

    def goes_on(self, count: Count, kills: int) -> bool:
        """Whether another kill is wanted and there is time for it; tells how far it is."""
        if count.killed % TOLD_EVERY == 0:
            print(f"  {count.killed} kills, {count.lost} lost, {count.mixed} mixed", flush=True)
        return count.killed < kills and time.monotonic() < self.until

    def is_redone(self, count: Count, kills: int) -> bool:
        """Whether the work is done to its end now, on what the last kills left."""
        return (count.killed + count.ended) % REDONE_EVERY == 0 or count.killed == kills

    def publish(self, kills: int) -> Count:
        """Write, publish and prune; readers keep old releases open."""
        root, count = self.folder / "publish", Count()
        home = prepared(root)
        stamp = KEPT
        for early in range(KEPT):
            publish_next(root, early)
        work = self.killer.measured(root, publish_next, root, stamp)
        with self.reading(root, STAMPS, count):
            while self.goes_on(count, kills):
                stamp += 1
                count.add(self.killer.kill(work, root, stamp))
                is_whole, low, *_ = row = published_row(home, STAMPS)
                count.check(is_whole, f"mixed after a kill: {row}", is_mixed=True)
                count.check(low in (stamp - 1, stamp), f"{low} after {stamp}")
                if not self.is_redone(count, kills):
                    stamp = low  # what was killed before it was published is tried again
                    continue
                count.check(self.again(publish_next, root, stamp), f"{stamp} not published again")
                low = published_row(home, STAMPS)[1]
                count.check(low == stamp, f"readers see {low}, not {stamp}")
                left = leftovers(home)
                count.check(not left, f"left behind: {left}")
        return count

    def repair(self, kills: int) -> Count:
        """Spoil the working file, the release in force or both, and kill the repair."""
        from assets.warehouse.publish import releases
        from assets.warehouse.store import Store

        root, count = self.folder / "repair", Count()
        home = prepared(root)
        publish_next(root, 0)
        publish_next(root, 1)
        self.spoil(home, ("working", "published"))
        work = self.killer.measured(root, command, root, "repair")
        stamp = 1
        while self.goes_on(count, kills):
            stamp += 1
            publish_next(root, stamp)
            spoilt = self.chance.choice([("working",), ("published",), ("working", "published")])
            others = [int(each.vintage) for each in releases(home) if int(each.vintage) < stamp]
            # With both gone readers get the release before, which nobody can be spared.
            expected = max(others) if len(spoilt) == 2 else stamp
            self.spoil(home, spoilt)
            count.add(self.killer.kill(work))
            count.check(self.again(command, root, "repair"), "repair fails after a kill")
            is_whole, low, *_ = row = published_row(home, STAMPS)
            count.check(is_whole, f"mixed after repair: {row}", is_mixed=True)
            count.check(low == expected, f"{low} after {spoilt} of {stamp}")
            kept = Store(home.working).rows(STAMPS)[0]
            count.check(kept[0], f"the working file says {kept}", is_mixed=True)
        return count

    def spoil(self, home: Any, which: tuple[str, ...]) -> None:
        for each in which:
            path = getattr(home, each).resolve()
            path.chmod(0o644)
            with path.open("r+b") as file:
                file.truncate(self.chance.randrange(path.stat().st_size // 2))

    def add(self, kills: int) -> Count:
        """File an edition; it is there whole, or not at all."""
        root, count = self.folder / "add", Count()
        source = root / "landing" / "nbs_regional_annual"
        shutil.copytree(
            PROJECT / "landing" / "nbs_regional_annual",
            source,
            ignore=lambda folder, names: [name for name in names if name == "2024"],
        )
        file = self.folder / "annual_2024.xlsx"
        shutil.copy(ARRIVES, file)
        given = ("add", str(file), "--yes", "--published-on", "2024-10-05")
        work = self.killer.measured(root, command, root, *given)
        whole = contents(source / "2024")
        while self.goes_on(count, kills):
            shutil.rmtree(source / "2024", ignore_errors=True)
            count.add(self.killer.kill(work))
            said = contents(source / "2024")
            count.check(said in (None, whole), f"half filed: {said}", is_mixed=True)
            if self.is_redone(count, kills):
                shutil.rmtree(source / "2024", ignore_errors=True)
                count.check(self.again(command, root, *given), "add fails after a kill")
                count.check(contents(source / "2024") == whole, "add files something else")
                left = [path.name for path in source.iterdir() if path.name.startswith(".")]
                count.check(not left, f"left behind: {left}")
        return count

    def export(self, kills: int) -> Count:
        """Replace an export; whoever opens it finds the one before or the new one, whole."""
        root, count = self.warehouse(), Count()
        target = self.folder / "exported"
        given = ("export", "--format", "csv", "--to", str(target), "--replace")
        work = self.killer.measured(self.folder, command, root, *given)
        while self.goes_on(count, kills):
            count.add(self.killer.kill(work))
            count.check(is_whole_export(target), "the export is not whole", is_mixed=True)
            if self.is_redone(count, kills):
                count.check(self.again(command, root, *given), "export fails after a kill")
                count.check(is_whole_export(target), "the export is not whole", is_mixed=True)
                left = [path.name for path in target.parent.glob(".exported.*")]
                count.check(not left, f"left behind: {left}")
        return count

    def refresh(self, kills: int) -> Count:
        """Re-issue a figure and refresh."""
        root, count = self.warehouse(), Count()
        from assets.warehouse.home import Home

        home = Home(root)
        figure = change_figure(home, 8718.3)
        work = self.killer.measured(root, refresh_home, root)
        vintages = vintages_of(home)
        with self.reading(root, FITTED, count):
            while self.goes_on(count, kills):
                figure = change_figure(home, figure)
                count.add(self.killer.kill(work))
                found = vintages_of(home)
                count.check(found[: len(vintages)] == vintages, f"lost: {vintages} became {found}")
                count.check(len(found) <= len(vintages) + 1, f"{found} after {vintages}")
                row = published_row(home, FITTED)
                count.check(row[0], f"tables of two vintages: {row}", is_mixed=True)
                count.check(self.again(command, root, "status"), "status fails after a kill")
                if self.is_redone(count, kills):
                    count.check(self.again(refresh_home, root), "refresh fails after kills")
                    said = published_row(home, FITTED)[4]
                    count.check(said == figure, f"{said} is published, not {figure}")
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


def published_row(home: Any, sql: str) -> tuple[Any, ...]:
    from assets.warehouse.reader import query

    return query(home, sql).rows[0]


def leftovers(home: Any) -> list[str]:
    found = (*home.releases.glob(".*"), *home.releases.glob("*.wal*"), *home.root.glob(".w*"))
    return [path.name for path in found]


def contents(folder: Path) -> dict[str, str] | None:
    """The sums of the files in a folder; None where it is not there."""
    if not folder.exists():
        return None
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


def campaign(
    kills: dict[str, int], seed: int, folder: Path, seconds: float = float("inf")
) -> dict[str, Count]:
    """Kill so often per kind, or as often as there is time for; what became of it.

    seconds: divided by what kills cost; what one kind leaves goes to those after it.
    """
    made, end = Campaign(folder, seed), time.monotonic() + seconds
    cost = {kind: number * COSTS[kind] for kind, number in kills.items()}
    counts = {}
    for kind, number in kills.items():
        began = time.monotonic()
        made.until = began + (end - began) * cost[kind] / sum(cost.values())
        del cost[kind]
        counts[kind] = count = getattr(made, kind)(number)
        print(
            f"{kind}: {count.killed} kills ({count.ended} had ended before), {count.lost} lost, "
            f"{count.mixed} mixed; {time.monotonic() - began:.0f} s",
            flush=True,
        )
        for (how, phase), times in sorted(count.phases.items(), key=lambda each: -each[1]):
            print(f"    {times:4} at a {how}, after or at: {phase}")
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
