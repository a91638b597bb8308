"""What the town study says of towns certified by the threshold, where parallel trends fail.

Run: python benchmarks/town_verdicts.py [towns ...]. Data sets of several seeds land beside the
documents that ship, and one refresh takes them all; printed is, for each, how many claims have
which verdict, how many intervals miss the planted truth, how many tests speak against what
estimates need, and the claims that are agreed with although their interval misses: with such a test
there must be none. Not here: the rules (`assets/regression/verdict.py`), assertions
(tests/towns).
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pandas as pd

PROJECT = Path(__file__).parents[1]
SEEDS = (4242, 7, 58, 911, 1312, 20261129)
TOWNS = (300, 500)
_COMMAND = "from orchestration.commands.cli import main; raise SystemExit(main())"
_VERDICTS = """
select
    dataset,
    count(*) filter (verdict = 'agrees') as agrees,
    count(*) filter (verdict = 'disagrees') as disagrees,
    count(*) filter (verdict = 'cannot say') as cannot_say,
    count(*) filter (not truth_is_inside) as missed,
    (
        select count(*) from model.town_evidence as evidence
        where evidence.dataset = finding.dataset and evidence.verdict = 'against'
    ) as tests_against,
    (
        select count(*) from model.failure
        where subject = finding.dataset and status = 'failed'
    ) as failed,
    coalesce(
        string_agg(claim || ' ' || part, ', ') filter (verdict = 'agrees' and not truth_is_inside),
        ''
    ) as agreed_and_missed
from model.town_finding as finding
group by dataset
order by dataset
"""


def verdicts(
    root: Path, sizes: tuple[int, ...] = TOWNS, seeds: tuple[int, ...] = SEEDS
) -> pd.DataFrame:
    """One row per data set; root: an empty folder, which becomes the home.

    Raises SystemExit with what was said where nothing is published.
    """
    shutil.copytree(
        PROJECT / "landing", root / "landing", ignore=shutil.ignore_patterns("simulated_*")
    )
    environment = {**os.environ, "YEARBOOK_HOME": str(root), "PYTHONPATH": str(PROJECT)}
    simulated = [
        f"simulate-towns --assignment threshold --seed {seed} --towns {towns} "
        f"--dataset threshold_{towns}_{seed}"
        for towns in sizes
        for seed in seeds
    ]
    for words in (*simulated, "refresh"):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", _COMMAND, *words.split()],
            env=environment,
            capture_output=True,
            text=True,
        )
    published = root / "warehouse.duckdb"
    if not published.exists():
        raise SystemExit(f"{done.stdout}\n{done.stderr}\nThe refresh published nothing.")
    with duckdb.connect(str(published), read_only=True) as connection:
        return connection.execute(_VERDICTS).df()


def main(*sizes: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        print(verdicts(Path(folder), sizes or TOWNS).to_string(index=False))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
