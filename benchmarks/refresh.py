"""What a refresh costs: the first, after a changed document, with nothing new, with a refused one.

Run: python benchmarks/refresh.py. Every refresh is a process of its own on a copy of `landing/` in
a temporary folder. All in one run on one machine, so that ratios can be compared where times
cannot. Imports are timed inside each process: everything a module's import takes, nested imports
counted once. Beside the first refresh stands a bare script of the same imports and work
(`bare_refresh.py`), whose published rows are the same. Not here: assertions (tests/faults).
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.random_changes import published
from benchmarks.small_landing import ALONE, change

PROJECT = Path(__file__).parents[1]
GOAL_BARE = 1.3  # first refresh against the bare script
GOALS_SECONDS = {"first": 45.0, "one document changed": 12.0, "one document refused": 5.0}
# The child times its own imports: the outermost one counts, so nested ones are not counted twice.
CHILD = """
import builtins, resource, sys, time
began, real, depth, spent = time.perf_counter(), builtins.__import__, 0, 0.0
def timed(*arguments, **keywords):
    global depth, spent
    if depth:
        return real(*arguments, **keywords)
    depth, start = 1, time.perf_counter()
    try:
        return real(*arguments, **keywords)
    finally:
        depth, spent = 0, spent + time.perf_counter() - start
builtins.__import__ = timed
from orchestration.commands.cli import main
code = main(["refresh"])
used = resource.getrusage(resource.RUSAGE_SELF)
beside = resource.getrusage(resource.RUSAGE_CHILDREN)  # what reads, what estimates
cpu = used.ru_utime + used.ru_stime + beside.ru_utime + beside.ru_stime
print(time.perf_counter() - began, cpu, spent, used.ru_maxrss, file=sys.__stderr__)
raise SystemExit(code)
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """One refresh."""

    seconds: float
    cpu_seconds: float
    seconds_of_imports: float
    peak_mb: float


def measured(root: Path, ends_with: int = 0) -> Cost:
    """Refresh the warehouse in `root` in a process of its own, which ends with that code."""
    environment = {**os.environ, "YEARBOOK_HOME": str(root), "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CHILD],
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode != ends_with:
        raise SystemExit(f"{done.stdout}\n{done.stderr}\nThe refresh failed: nothing to measure.")
    seconds, cpu, imports, peak_kb = map(float, done.stderr.splitlines()[-1].split())
    return Cost(seconds, cpu, imports, peak_kb / 1024)


def bare_seconds(root: Path) -> float:
    """Seconds of a bare script that does what the first refresh of `root` does."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "benchmarks.bare_refresh"],
        env={**os.environ, "YEARBOOK_HOME": str(root)},
        cwd=PROJECT,
        capture_output=True,
        check=True,
    )
    return time.perf_counter() - began


def main() -> None:
    """Run the four refreshes and print what each cost, against the first and its goal."""
    with tempfile.TemporaryDirectory() as folder:
        root, bare = Path(folder) / "refresh", Path(folder) / "bare"
        for each in (root, bare):
            shutil.copytree(PROJECT / "landing", each / "landing")
        first = measured(root)
        seconds_bare = bare_seconds(bare)
        if published(root) != published(bare):
            raise SystemExit("The bare script published other rows: nothing to compare.")
        change(root / "landing")
        costs = {"first": first, "one document changed": measured(root)}
        costs["nothing new"] = measured(root)
        # One that no other card extends: those that do are read again, and accepted.
        change(root / "landing", "CN-GS,2012,33.2", "CN-GS,2012,none", ALONE)
        costs["one document refused"] = measured(root, ends_with=1)
        documents = len(list((root / "landing").glob("*/*/card.yaml")))
    print(f"{documents} documents, {os.cpu_count()} cores")
    ratio = first.seconds / seconds_bare
    said = "met" if ratio <= GOAL_BARE else "MISSED"
    print(f"bare script           {seconds_bare:7.2f} s, the first refresh {ratio:.2f} times that")
    print(f"{'':22}goal {GOAL_BARE} times: {said}")
    for name, cost in costs.items():
        share = 100 * cost.seconds_of_imports / cost.seconds
        print(
            f"{name:22}{cost.seconds:7.2f} s  ratio {cost.seconds / first.seconds:.3f}  "
            f"{cost.cpu_seconds:6.2f} s of all cores  imports {cost.seconds_of_imports:5.2f} s "
            f"({share:2.0f} %)  peak {cost.peak_mb:4.0f} MB"
        )
        if name in GOALS_SECONDS:
            said = "met" if cost.seconds <= GOALS_SECONDS[name] else "MISSED"
            print(f"{'':22}goal {GOALS_SECONDS[name]:.0f} s on two idle cores: {said}")


if __name__ == "__main__":
    main()
