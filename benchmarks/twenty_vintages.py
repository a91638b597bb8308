"""Twenty vintages in a row: what each refresh costs, and whether each is reproduced in the end.

Run: python benchmarks/twenty_vintages.py [vintages [small]]. Of the documents that ship, or of the
small landing. Before each refresh but the first one figure
of one document is revised. A reader opens the first release and keeps it open to the end, while
newer ones are published and old ones pruned. Costs are of one run on one machine, for ratios. Not
here: assertions (tests/command_line, tests/warehouse).
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from assets.release.publication import KEPT_RELEASES
from assets.warehouse.home import Home
from assets.warehouse.publish import releases
from assets.warehouse.reader import open_published
from benchmarks.refresh import PROJECT, Cost, measured
from benchmarks.small_landing import change, lay_documents

COMMAND = "from orchestration.commands.cli import main; raise SystemExit(main())"
VINTAGES = 20
TENTHS = 87183  # the figure that is revised, in tenths of 100 million yuan
AS_OF = "select md5(string_agg(o::varchar, chr(10) order by o::varchar)) from as_of(2018) o"


def reproduced(root: Path, number: int) -> bool:
    """Whether `yearbook reproduce` finds every number of a vintage again; what it says if not."""
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "reproduce", str(number)],
        env={**os.environ, "YEARBOOK_HOME": str(root), "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        print(f"vintage {number}:\n{done.stdout}{done.stderr}")
    return done.returncode == 0


def refreshed(root: Path, number: int) -> Cost:
    """Refresh to vintage `number`, after one figure was revised where it is not the first."""
    if number > 1:
        figures = (f"{(TENTHS + number - step) / 10:.1f}" for step in (2, 1))
        change(root / "landing", *figures)
    return measured(root)


def main() -> None:
    """Print one line per vintage, then whether each is reproduced, and the ratios."""
    vintages = int(sys.argv[1]) if len(sys.argv) > 1 else VINTAGES
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        if sys.argv[2:] == ["small"]:
            lay_documents(root / "landing")
        else:
            shutil.copytree(PROJECT / "landing", root / "landing")
        costs = [refreshed(root, 1)]
        with open_published(Home(root)) as first_release:
            known = first_release.execute(AS_OF).fetchall()
            for number in range(2, vintages + 1):
                costs.append(refreshed(root, number))
                (published,) = releases(Home(root))[-1:]
                print(
                    f"{published.vintage}{costs[-1].seconds:7.1f} s {costs[-1].cpu_seconds:7.1f} s "
                    f"CPU {costs[-1].peak_mb:6.0f} MB; release {published.size_bytes / 1e6:5.1f} "
                    f"MB, working file {Home(root).working.stat().st_size / 1e6:5.1f} MB",
                    flush=True,
                )
            still = first_release.execute(AS_OF).fetchall() == known
        with open_published(Home(root)) as last_release:
            same = last_release.execute(AS_OF).fetchall() == known
        kept = releases(Home(root))
        again = [number for number in range(1, vintages + 1) if reproduced(root, number)]
    print(f"{len(again)} of {vintages} vintages are reproduced")
    size = sum(release.size_bytes for release in kept) / 1e6
    print(f"{len(kept)} releases kept (the rule: the last {KEPT_RELEASES}), {size:.0f} MB in all")
    print(f"the first release, open all the time, still reads the same: {still}")
    print(f"as_of(2018) in the last release is that of the first, row for row: {same}")
    second, last = costs[1], costs[-1]
    print(
        f"refresh {vintages} against refresh 2: {last.seconds / second.seconds:.2f} of the time, "
        f"{last.cpu_seconds / second.cpu_seconds:.2f} of the CPU time, "
        f"{last.peak_mb / second.peak_mb:.2f} of the memory"
    )


if __name__ == "__main__":
    main()
