"""What simulated towns cost: one draw of a simulation study, and a data set written to disk.

Run: python benchmarks/simulate_towns.py [towns]. Prints milliseconds of a panel and of all tables
in memory, then seconds, peak memory and size of `simulate-towns` by number of towns, each in a
process of its own, so that peaks can be told apart. Not here: assertions (tests/towns).
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from assets.towns.simulation.design import Assignment, Design
from benchmarks.simulated import simulate, simulate_town_panel

PROJECT = Path(__file__).parents[1]
DRAWS = 20
CHILD = """
import resource, sys, time
from orchestration.commands.cli import main
start = time.perf_counter()
code = main(["simulate-towns", "--seed", "1", *sys.argv[1:]])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(time.perf_counter() - start, peak, file=sys.__stderr__)
raise SystemExit(code)
"""


def milliseconds(draw: Callable[[Design, np.random.Generator], object], design: Design) -> float:
    """Median over seeds."""
    taken = []
    for seed in range(DRAWS):
        start = time.perf_counter()
        draw(design, np.random.default_rng(seed))
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken)


def written(towns: int, *arguments: str) -> None:
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root) / "made"
        environment = {**os.environ, "PYTHONPATH": str(PROJECT), "YEARBOOK_HOME": root}
        options = ["--towns", str(towns), "--out", str(folder), *arguments]
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", CHILD, *options],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        seconds, peak_kb = map(float, done.stderr.split()[-2:])
        size = sum(path.stat().st_size for path in folder.rglob("*.parquet"))
        print(f"{towns:6} towns {' '.join(arguments):40} {seconds:6.1f} s", end="")
        print(f"  {peak_kb / 1024:6.0f} MB peak  {size / 1e6:7.1f} MB of Parquet")
        print(f"       {done.stdout.splitlines()[1].strip()}")


def main(most: int = 20_000) -> None:
    assignments: tuple[Assignment, ...] = ("random", "threshold")
    for assignment in assignments:
        design = Design(towns=100, assignment=assignment)
        panel, tables = (milliseconds(draw, design) for draw in (simulate_town_panel, simulate))
        print(f"100 towns, {assignment:9}: panel {panel:5.1f} ms, all tables {tables:5.1f} ms")
    for towns in (500, most):
        for assignment in assignments:
            written(towns, "--assignment", assignment)
    written(50, "--records", "orders")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
