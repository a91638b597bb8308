"""Whoever only looks is answered: another analyst, a disk that may not be written, damaged records.

Belongs here: `status` and the commands that read, on a home where something else is amiss. Not
here: damaged releases (`test_damage.py`).
"""

import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.warehouse.home import Home

NOBODY = 65534
READERS = (
    ("query", "select count(*) from raw.observation"),
    ("show",),
    ("show", "he_2012_2019"),
    ("where-from", "PI", "2015"),
    ("revisions",),
    ("audit",),
    ("tables",),
    ("describe", "current.result"),
)
PARTS = ("documents", "awaiting", "published", "report", "alerts", "last run", "checks")


@pytest.fixture(scope="module")
def open_home(refreshed: Any, tools: Any) -> Iterator[Home]:
    """A copy of the small warehouse that others may read: folders of pytest's they may not.

    Nothing here changes it: that is what the tests on it are about.
    """
    with tempfile.TemporaryDirectory(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")) as name:
        os.chmod(name, 0o755)
        yield tools.copied(refreshed.home, Path(name) / "home")


@pytest.fixture(scope="module")
def answered(open_home: Home, tools: Any) -> list[tuple[int, str]]:
    """What each of READERS is answered where nothing is amiss; loads what nobody may load."""
    return [given(tools.run_command(open_home.root, *asked)) for asked in READERS]


def given(answer: Any) -> tuple[int, str]:
    return answer.code, answer.out


@contextmanager
def as_another_analyst() -> Iterator[None]:
    """Permissions do not bind root: what is inside is done as somebody else."""
    if os.geteuid() != 0:
        pytest.skip("only root may become somebody else")
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def state_of(root: Path) -> dict[str, tuple[int, int, int]]:
    """Each file and folder: rights, size, time of change."""
    found = {path: path.lstat() for path in (root, *root.rglob("*"))}
    return {str(path): (s.st_mode, s.st_size, s.st_mtime_ns) for path, s in found.items()}


def heads(out: str) -> list[str]:
    """The parts that `status` told."""
    starts = [line[:11].rstrip() for line in out.splitlines()]
    return [start for start in starts if start in PARTS]


def test_another_analyst_is_answered_and_writes_nothing(
    open_home: Home, answered: list[tuple[int, str]], run: Any
) -> None:
    run(open_home, "status")
    before = state_of(open_home.root)
    with as_another_analyst():
        answers = [given(run(open_home, *asked)) for asked in READERS]
        status = run(open_home, "status")
        refused = run(open_home, "refresh", "--wait", "0")
    assert answers == answered
    assert status.code == 0
    assert "is for its owner alone" in status.out
    assert heads(status.out) == ["published", "report"]
    assert refused.code == 1
    assert "Permission denied. What is published is as it was." in refused.err
    assert state_of(open_home.root) == before


def test_a_disk_that_may_not_be_written(
    open_home: Home, answered: list[tuple[int, str]], run: Any
) -> None:
    root = open_home.root
    status = run(open_home, "status")
    mounted = subprocess.run(["mount", "--bind", root, root], capture_output=True)
    if mounted.returncode:
        pytest.skip("mounting is not permitted here")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", root], check=True)
        answers = [given(run(open_home, *asked)) for asked in READERS]
        looked = run(open_home, "status")
    finally:
        subprocess.run(["umount", root], check=True)
    assert answers == answered
    told, of_before = looked.out.splitlines(), status.out.splitlines()
    assert "Traceback" not in looked.out + looked.err
    assert [line for line in of_before if line not in told] in ([], of_before[-3:])  # runs
    assert heads(looked.out)[:5] == list(PARTS[:5])


def garbage(path: Path) -> None:
    path.write_bytes(b"half of what was to stand here" * 300)


def cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(300_000)


def of_a_later_duckdb(path: Path) -> None:
    """Its first block says a version to come, with the sum that such a block has."""
    path.chmod(0o644)
    with path.open("r+b") as file:
        block = bytearray(file.read(4096))
        assert checksum(block[8:]) == struct.unpack("<Q", block[:8])[0]
        block[12] = 99
        block[:8] = struct.pack("<Q", checksum(block[8:]))
        file.seek(0)
        file.write(block)


def checksum(data: bytearray) -> int:
    """DuckDB's, of whole words (src/common/checksum.cpp)."""
    total = 5381
    for (word,) in struct.iter_unpack("<Q", data):
        total ^= word * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    return total


def of_a_later_yearbook(path: Path) -> None:
    path.chmod(0o644)
    with duckdb.connect(path) as connection:
        connection.execute("alter table model.vintage rename definition_fingerprint to fingerprint")


# What is spoilt, how, the part of `status` that cannot be told then, what it says, and whether
# `repair` mends it.
AMISS: dict[str, tuple[str, Callable[[Path], None], str, str, bool]] = {
    "runs": (
        ".yearbook/dagster/history/runs.db",
        garbage,
        "last run",
        "file is not a database",
        True,
    ),
    "alerts": (".yearbook/outbox.sqlite", garbage, "alerts", "file is not a database", True),
    "working": (".yearbook/working.duckdb", cut, "documents", "is damaged", True),
    "later DuckDB": (
        "warehouse.duckdb",
        of_a_later_duckdb,
        "published",
        "was written by a later version of DuckDB (storage version number 99",
        False,
    ),
    "later yearbook": (
        "warehouse.duckdb",
        of_a_later_yearbook,
        "published",
        "has not what this version of yearbook asks of it",
        False,
    ),
}


@pytest.mark.parametrize("name", AMISS)
def test_status_tells_all_else_where_one_thing_is_amiss(home: Home, run: Any, name: str) -> None:
    file, spoil, part, said, is_mended = AMISS[name]
    sound = run(home, "status")
    spoil((home.root / file).resolve())
    looked = run(home, "status")
    assert looked.code == 1
    (line,) = [line for line in looked.out.splitlines() if "not known: " in line]
    assert line.startswith(part)
    assert said in line
    hidden = {"documents": "awaiting", "published": "report", "last run": "checks"}
    expected = [each for each in PARTS if each != hidden.get(part)]
    assert heads(looked.out) == expected
    assert "Traceback" not in looked.out + looked.err
    repaired = run(home, "repair")
    assert "Traceback" not in repaired.err
    if is_mended:
        assert str(home.root / file) in repaired.out
        assert run(home, "repair").out.startswith("Nothing is damaged")
        mended = run(home, "status")
        assert (mended.code, heads(mended.out)) == (0, heads(sound.out))


@pytest.mark.slow
def test_a_refresh_names_a_damaged_record_of_runs(home: Home, run: Any, tools: Any) -> None:
    tools.reissue(home.landing, "nbs_regional_accounts/2019", "8718.3", "8719.3")
    before = tools.published_state(home)
    garbage(home.dagster / "history" / "runs.db")
    answer = run(home, "refresh")
    assert answer.code == 1
    assert "A record of runs or alerts" in answer.err
    assert "`yearbook repair`" in answer.err
    assert "[SQL" not in answer.out + answer.err
    assert tools.published_state(home) == before
    assert "runs.db" in run(home, "repair").out
    assert run(home, "refresh").code == 0
    assert tools.published_state(home) != before


def test_status_of_a_home_where_nothing_ever_ran_makes_nothing(tmp_path: Path, run: Any) -> None:
    answer = run(Home(tmp_path), "status")
    assert answer.code == 0
    assert "published  nothing yet" in answer.out
    assert list(tmp_path.iterdir()) == []


def test_status_beside_a_writer_without_the_lock(home: Home, run: Any) -> None:
    """A tool that has the working file open for writing: told, and the rest is answered."""
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code, home.working], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        answer = run(home, "status")
        other.communicate(b"\n")
    assert answer.code == 0
    assert f"writing    process {other.pid} on " in answer.out
    assert "documents  not looked at while the warehouse is being written" in answer.out
    assert "published  vintage 0001-" in answer.out
