"""What a command costs before it works: against importing what it is built on, in the same run.

Run: python benchmarks/start_up.py [rounds]. Every command is a process of its own on a small home,
whose first refresh is not timed; rounds go through all of them in turn, so that a machine that
others use is the same for each, and medians are compared. Python may keep what it compiles, as it
does unless told otherwise; the first round, which is not counted, compiles. Seconds are of
computing. Not here: what a refresh does (`refresh.py`).
"""

import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.small_landing import lay_documents

PROJECT = Path(__file__).parents[1]
ROUNDS = 7
# What Dagster itself takes to be told of as many assets and checks, which do nothing.
DECLARED = """
import dagster as dg, duckdb

def asset(number):
    @dg.asset(name=f"a{number}", deps=[f"a{number - 1}"] if number else [], kinds={"sql"})
    def made(context) -> dg.MaterializeResult: ...
    return made

def assets(number):
    @dg.multi_asset(name=f"m{number}", specs=[dg.AssetSpec(f"m{number}_{n}") for n in range(4)])
    def made(context): ...
    return made

def check(number):
    @dg.asset_check(asset=f"a{number}", name=f"c{number}")
    def checked(context) -> dg.AssetCheckResult: ...
    return checked

dg.Definitions(
    assets=[*map(asset, range(69)), *map(assets, range(22))], asset_checks=[*map(check, range(46))]
)
"""
YEARBOOK = (
    "import sys; from orchestration.commands.entry import program; "
    "sys.argv = ['yearbook', *{}]; program()"
)


@dataclass(frozen=True, slots=True)
class Start:
    """A program, what it is held against, and how many times that it may take."""

    name: str
    code: str
    against: str = ""
    goal: float | None = None


STARTS = (
    Start("import duckdb", "import duckdb"),
    Start("import dagster", "import dagster"),
    Start("import dagster and duckdb", "import dagster, duckdb"),
    Start("yearbook query", YEARBOOK.format(["query", "select 1"]), "import duckdb", 2.0),
    Start("yearbook status", YEARBOOK.format(["status"]), "import duckdb", 3.0),
    Start("as much declared, bare", DECLARED, "import dagster"),
    Start("definitions", "import orchestration.definitions", "import dagster", 1.3),
    Start("refresh, nothing new", YEARBOOK.format(["refresh"]), "import dagster and duckdb", 1.3),
)


def seconds(code: str, root: Path) -> float:
    """What one process computes; raises SystemExit with what it said where it fails."""
    own = {"YEARBOOK_HOME": str(root), "PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": ""}
    before = os.times()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env={**os.environ, **own},
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise SystemExit(f"{code}\n{done.stdout}\n{done.stderr}")
    after = os.times()
    return (
        after.children_user + after.children_system
        - before.children_user - before.children_system
    )  # fmt: skip


def main(rounds: int) -> None:
    """Print each with its ratio and its goal."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        lay_documents(root / "landing")
        seconds(YEARBOOK.format(["refresh"]), root)
        taken: dict[str, list[float]] = {start.name: [] for start in STARTS}
        for _ in range(1 + rounds):
            for start in STARTS:
                taken[start.name].append(seconds(start.code, root))
    median = {name: statistics.median(own[1:]) for name, own in taken.items()}
    print(f"{os.cpu_count()} cores, median of {rounds} rounds")
    for start in STARTS:
        line = f"{start.name:27}{median[start.name]:7.3f} s"
        if start.against:
            ratio = median[start.name] / median[start.against]
            line += f"  {ratio:5.2f} times {start.against}"
            if start.goal is not None:
                said = "met" if ratio <= start.goal else "MISSED"
                line += f"; goal {start.goal:g}: {said}"
        print(line)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else ROUNDS)
