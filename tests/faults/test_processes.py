"""Refreshes that are killed, that meet each other, that run out of disk, and readers beside them.

Belongs here: whole processes. A refresh runs in a child of a server that has imported everything
already, so that a kill falls into its work and not into its imports.
"""

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from assets.release.publication import publish_vintage
from assets.warehouse.connection import kept_open, writable
from assets.warehouse.home import HOME_VARIABLE, Home
from assets.warehouse.reader import open_published, query
from benchmarks.prepared_process import PreparedProcess, server
from orchestration.refresh import refresh

REPOSITORY = Path(__file__).parents[2]
DOCUMENT = "nbs_regional_accounts/2019"
FIGURE = (
    "select value from raw.observation where source = 'nbs_regional_accounts' "
    "and edition = 2019 and indicator = 'gross_product'"
)
# Every table of one vintage must agree: the figure as read, the index computed from it, the last
# vintage, what was fitted under it, and the sha256 of the document.
STAMPS = f"""
select
    ({FIGURE}),
    (select value from indices.economic_growth
     where study = 'gansu_gdp_revised' and sample = 'first_printed' and reference_year = 2019),
    (select max(vintage) from model.vintage),
    (select max(vintage) from model.fit),
    (select max(vintage) from model.coefficient),
    (select count(distinct vintage) from model.vintage),
    (select count(distinct vintage) from model.fit),
    (select count(*) from raw.observation)
"""
POPULATION = 2647.0  # 10,000 persons, the divisor of the index
ROWS = 102
COMMAND = "from orchestration.commands.cli import main; raise SystemExit(main())"
PUBLICATIONS = 8  # twenty of smaller files: `tests/warehouse/test_publish.py`
REFRESHES = 5
KILLS_BETWEEN_RECOVERIES = 6
ENDING = 0.2  # the share of a refresh in which it publishes


@dataclass(frozen=True, slots=True)
class Kill:
    """One killed refresh and what readers found after it."""

    at_seconds: float
    ran: bool  # it was still running when it was killed
    vintage: str
    outcome: str  # old | new
    step: str  # the last Dagster step that had ended


def change_figure(tools, home: Home, old: float, new: float) -> None:
    tools.reissue(home.landing, DOCUMENT, f"{old}", f"{new}")


def consistent_state(home: Home) -> tuple[str, float]:
    """Vintage and figure of the published file, after checking that all of it is one vintage."""
    with open_published(home) as connection:
        row = connection.execute(STAMPS).fetchall()[0]
    figure, growth, vintage, fitted, coefficients, vintages, fits, rows = row
    assert growth == pytest.approx(figure / POPULATION, rel=1e-12)
    assert vintage == fitted == coefficients
    assert vintages == fits
    assert rows == ROWS
    assert home.published.resolve().name == f"warehouse-{vintage}.duckdb"
    return vintage, figure


def start(home: Home) -> BaseProcess:
    """A refresh in a process of its own."""
    process = server().Process(target=refresh, args=(home, 60.0))
    process.start()
    return process


@contextlib.contextmanager
def instance_of(home: Home) -> Iterator[Any]:
    """The Dagster instance of a warehouse, whose settings name DAGSTER_HOME."""
    import dagster as dg

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", str(home.dagster.resolve()))
        with dg.DagsterInstance.get() as instance:
            yield instance


def last_step(home: Home) -> str:
    """The last step that ended, from the event log of the last run."""
    import dagster as dg

    with instance_of(home) as instance:
        runs = instance.get_run_records(limit=1)
        done = [
            entry.dagster_event.step_key
            for entry in instance.all_logs(
                runs[0].dagster_run.run_id, of_type=dg.DagsterEventType.STEP_SUCCESS
            )
            if entry.dagster_event is not None
        ]
    return done[-1] if done else "before the first step"


def unfinished_runs(home: Home) -> int:
    import dagster as dg

    unfinished = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING]
    with instance_of(home) as instance:
        return len(instance.get_runs(dg.RunsFilter(statuses=unfinished)))


def to_its_end(home: Home) -> None:
    process = start(home)
    process.join()
    assert process.exitcode == 0


def kill_refreshes(
    tools,
    home: Home,
    shares: list[float],
    length: float,
    recover: Callable[[Home], None] = to_its_end,
) -> list[Kill]:
    """Kill refreshes, each after a share of the seconds that a whole one takes.

    length: the seconds of a whole one; those of one that ended before its kill take their place,
    since other work on the machine comes and goes. recover: a refresh that publishes.
    Each works on a figure of its own and on what the one before left. After every
    KILLS_BETWEEN_RECOVERIES kills, and at the end, a refresh must publish the figure.
    """
    seen = []
    figure, (vintage, published) = 8718.3, consistent_state(home)
    for number, share in enumerate(shares, start=1):
        figure, last = round(8718.3 + number / 10, 1), figure
        change_figure(tools, home, last, figure)
        began, moment, process = time.monotonic(), share * length, start(home)
        process.join(moment)
        ran = process.is_alive()
        if not ran:
            length = time.monotonic() - began
        process.kill()
        process.join()
        found, value = consistent_state(home)
        is_old = (found, value) == (vintage, published)
        assert is_old or (value == figure and found > vintage)
        seen.append(Kill(moment, ran, found, "old" if is_old else "new", last_step(home)))
        vintage, published = found, value
        if number % KILLS_BETWEEN_RECOVERIES == 0 or number == len(shares):
            recover(home)
            vintage, published = consistent_state(home)
            assert published == figure
            assert unfinished_runs(home) == 0
    return seen


def print_kills(kills: list[Kill]) -> None:
    for kill in sorted(kills, key=lambda kill: kill.at_seconds):
        how = "killed" if kill.ran else "had ended"
        print(f"{kill.at_seconds:7.2f} s  {how:9}  {kill.outcome}  {kill.vintage}  {kill.step}")
    killed = [kill for kill in kills if kill.ran]
    new = sum(kill.outcome == "new" for kill in killed)
    print(f"{len(kills)} moments: {len(killed)} killed ({len(killed) - new} old, {new} new)")


def spread(kills: int, begin: float, end: float, source: random.Random) -> list[float]:
    """A share in each of `kills` equal parts of the shares from `begin` to `end`."""
    part = (end - begin) / kills
    return [begin + (number + source.random()) * part for number in range(kills)]


@pytest.mark.slow
def test_kills_where_publication_happens(home: Home, tools) -> None:
    # What is published changes near the end of a refresh only, so half of the kills fall there;
    # the hundred kills of `tests/warehouse/test_publish.py` hit every step of a publication.
    change_figure(tools, home, 8718.3, 8718.4)
    began, process = time.monotonic(), start(home)
    process.join()
    length = time.monotonic() - began
    change_figure(tools, home, 8718.4, 8718.3)
    start(home).join()
    source = random.Random(7)
    shares = [*spread(12, 0, 1 - ENDING, source), *spread(12, 1 - ENDING, 1.05, source)]
    source.shuffle(shares)
    kills = kill_refreshes(tools, home, shares, length)
    print_kills(kills)
    assert sum(kill.ran for kill in kills) > len(shares) / 2


def spawn(home: Home, code: str, *arguments: object) -> PreparedProcess:
    """A program in a process of its own, of this source tree."""
    return PreparedProcess(
        ["-c", code, *arguments],
        folder=REPOSITORY,
        environment={**os.environ, HOME_VARIABLE: str(home.root)},
    )


KILLED_WHILE_IT_DRAWS = """
import os, signal
from assets.release.report import drawn
drawn.draw_report = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
from orchestration.commands.cli import main
main()
"""


def test_killed_refreshes_leave_the_old_or_the_new_vintage_and_their_steps_to_the_next(
    refreshed, home: Home, run, tools
) -> None:
    def killed_while_it_draws(home: Home) -> None:
        """Publishes what the kills before left, and leaves its own last steps to the next."""
        killed = spawn(home, KILLED_WHILE_IT_DRAWS, "refresh")
        out, err = killed.communicate()
        assert killed.returncode == -signal.SIGKILL, out + err
        vintage, figure = consistent_state(home)
        assert vintage not in home.report.resolve().name
        assert unfinished_runs(home) == 1
        assert run(home, "refresh").code == 0
        assert consistent_state(home) == (vintage, figure)
        assert vintage in home.report.resolve().name
        assert unfinished_runs(home) == 0
        assert "Nothing is new" in run(home, "refresh").out

    source = random.Random(7)
    shares = spread(4, 0, 0.6, source)
    source.shuffle(shares)
    kills = kill_refreshes(tools, home, shares, refreshed.answer.seconds, killed_while_it_draws)
    print_kills(kills)
    assert any(kill.ran for kill in kills)
    assert consistent_state(home)[0] > "0002-"


def test_two_refreshes_at_once(home: Home, run, tools) -> None:
    change_figure(tools, home, 8718.3, 8719.3)
    first = spawn(home, COMMAND, "refresh")
    lock = home.lock_file
    while not (lock.exists() and str(first.pid) in lock.read_text()):
        assert first.returncode is None
        time.sleep(0.02)
    refused = run(home, "refresh", "--wait", "0")
    assert refused.code == 1
    assert f"being written by process {first.pid} on " in refused.err
    assert "Nothing was changed." in refused.err
    status = run(home, "status")
    assert f"writing    process {first.pid} on " in status.out
    waited = run(home, "refresh")  # goes on when the first has ended
    out, err = first.communicate()
    assert first.returncode == 0, err
    assert "changed: 1 (nbs_regional_accounts/2019)" in out
    assert waited.code == 0
    assert f"Waiting for the warehouse, which is being written by process {first.pid}" in waited.err
    assert "Nothing is new: no work was done. Vintage 0002-" in waited.out
    assert consistent_state(home)[1] == 8719.3


READER = """
import json, sys
from pathlib import Path
from typing import Any
from assets.warehouse.home import HOME_VARIABLE, Home
from assets.warehouse.reader import open_published
root, sql = Path(sys.argv[1]), sys.argv[2]
home, reads, errors, mixed, seen = Home(root), 0, [], 0, set()
print("reading", flush=True)
while not (root / "stop").exists():
    try:
        with open_published(home) as connection:
            figure, growth, *vintages, a, b, rows = connection.execute(sql).fetchall()[0]
    except Exception as error:
        errors.append(repr(error))
        continue
    reads += 1
    seen.add(vintages[0])
    mixed += not (abs(growth * 2647 - figure) < 1e-6 and len(set(vintages)) == 1 and a == b)
print(json.dumps([reads, errors, mixed, len(seen)]))
"""


@contextlib.contextmanager
def two_readers(home: Home, results: list[list[object]]) -> Iterator[None]:
    """Two processes that read the published file without pause while the block runs."""
    import json

    readers = [spawn(home, READER, home.root, STAMPS) for _ in range(2)]
    try:
        for reader in readers:
            assert reader.stdout.readline() == "reading\n"
        yield
        (home.root / "stop").touch()
        results += [json.loads(reader.communicate()[0]) for reader in readers]
    finally:
        for reader in readers:
            reader.kill()
            reader.wait()


def assert_readers_saw_whole_vintages(results: list[list[object]], publications: int) -> None:
    for reads, errors, mixed, vintages in results:
        print(f"reader: {reads} reads, {errors} errors, {mixed} mixed, {vintages} vintages")
        assert errors == []
        assert mixed == 0
        assert int(str(vintages)) > publications / 2


def restamp(home: Home, number: int) -> tuple[str, list[str]]:
    """Make the working file the next vintage, each table in a transaction of its own."""
    vintage = f"{number:04d}-restamped"
    with writable(home.working) as connection:
        old = [
            name for (name,) in connection.execute("select vintage from model.vintage").fetchall()
        ]
        connection.execute(
            f"update raw.observation set value = {8718.3 + number} where value in ({FIGURE})"
        )
        for table in ("model.vintage", "model.fit", "model.coefficient"):
            connection.execute(f"update {table} set vintage = ?", [vintage])
        connection.execute(
            "update indices.economic_growth set value = ? where study = 'gansu_gdp_revised' "
            "and sample = 'first_printed' and reference_year = 2019",
            [(8718.3 + number) / POPULATION],
        )
    return vintage, old


def test_readers_through_publications(home: Home) -> None:
    results: list[list[object]] = []
    with two_readers(home, results):
        for number in range(2, PUBLICATIONS + 2):
            with kept_open():  # as a refresh has it
                vintage, published = restamp(home, number)
                publish_vintage(home, vintage, published)
    assert_readers_saw_whole_vintages(results, PUBLICATIONS)


@pytest.mark.slow
def test_readers_through_refreshes(home: Home, tools) -> None:
    results: list[list[object]] = []
    figure = 8718.3
    with two_readers(home, results):
        for number in range(1, REFRESHES + 1):
            figure, last = round(8718.3 + number, 1), figure
            change_figure(tools, home, last, figure)
            process = start(home)
            process.join()
            assert process.exitcode == 0
    assert_readers_saw_whole_vintages(results, REFRESHES)
    assert consistent_state(home)[0].startswith(f"{REFRESHES + 1:04d}-")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 128 MB in memory (a small warehouse twice), where mounting is permitted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=128m", "tmpfs", folder], capture_output=True, text=True
    )
    if mounted.returncode != 0:
        pytest.skip(f"mounting a tmpfs is not permitted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


def fill(folder: Path, leave: int) -> Path:
    filler = folder / "filler"
    free = shutil.disk_usage(folder).free - leave
    filler.write_bytes(b"\0" * free)
    return filler


def test_full_disk(refreshed, run, tools, small_disk: Path) -> None:
    home = tools.copied(refreshed.home, small_disk / "home")
    before = tools.published_state(home)
    change_figure(tools, home, 8718.3, 8719.3)
    for leave in (0, 3_000_000):  # full from the start, and when the run is under way
        filler = fill(small_disk, leave)
        answer = run(home, "refresh")
        assert answer.code == 1
        assert "Traceback" not in answer.err
        assert "No room to write" in answer.out + answer.err
        assert "This refresh may need " in answer.err
        assert "[SQL" not in answer.out + answer.err
        assert tools.published_state(home) == before
        assert consistent_state(home)[1] == 8718.3
        filler.unlink()
    assert run(home, "refresh").code == 0
    assert consistent_state(home)[1] == 8719.3


def test_a_disk_that_fills_after_publication_is_told_by_what_was_done(
    home: Home, run, tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_at_its_end(home: Home, *_: object) -> None:
        vintage, published = restamp(home, 2)
        publish_vintage(home, vintage, published)
        try:
            raise sqlite3.OperationalError("database or disk is full")
        except sqlite3.OperationalError as error:
            raise RuntimeError("[SQL: INSERT INTO event_logs]") from error

    change_figure(tools, home, 8718.3, 8719.3)
    monkeypatch.setattr("orchestration.refresh.run_refresh", full_at_its_end)
    answer = run(home, "refresh")
    assert answer.code == 1
    assert "Vintage 0002-restamped is published" in answer.err
    assert "[SQL" not in answer.out + answer.err
    assert consistent_state(home)[0] == "0002-restamped"


def test_the_index_of_the_stamps_is_what_the_study_uses(refreshed) -> None:
    """If the documents behind the stamps changed, the tests above would compare nothing."""
    assert query(refreshed.home, FIGURE).rows == [(8718.3,)]
    assert consistent_state(refreshed.home)[0].startswith("0001-")
