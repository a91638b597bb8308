"""What the town study's estimators cost at scale, against the library diff-diff.

Run: python benchmarks/town_did.py. 20,000 towns by 10 years of random numbers, with 25 sellers each
(5 million seller-years). Every task runs in a process of its own and is timed after its data are
loaded; memory is the process's peak, data and imports included. All in one run on one machine, so
that ratios can be compared where times cannot. Not here: whether the results are right (tests).
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[1]
TOWNS, YEARS, SELLERS_PER_TOWN = 20_000, 10, 25
SQL = """
    select town, year, count(*) as n, sum(log_sales) as sum,
           sum(log_sales * log_sales) as sum_of_squares, any_value(cohort) as cohort
    from read_parquet('{folder}/seller_year.parquet') group by town, year
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """One task."""

    seconds: float
    peak_mb: float
    effect: float
    std_error: float


def write_data(folder: Path) -> None:
    """Seller-years as Parquet, and the same as town-year means."""
    import duckdb

    duckdb.execute("select setseed(0.5)")
    duckdb.execute(f"""
        copy (
            select seller // {SELLERS_PER_TOWN} as town, seller, year,
                   if(town % 7 = 0, null, 2013 + town % 7) as cohort,
                   9 + 3 * random() + 0.1 * year % 3 + if(year >= cohort, 0.28, 0) as log_sales
            from range({TOWNS * SELLERS_PER_TOWN}) sellers(seller),
                 range(2011, {2011 + YEARS}) years(year)
        ) to '{folder}/seller_year.parquet'
    """)
    duckdb.execute(
        f"copy ({SQL.format(folder=folder)} order by town, year) to '{folder}/town_year.parquet'"
    )


def sums(folder: Path, table: str) -> Any:
    """Town-year sums: a stored table, or added up here from the sellers."""
    import duckdb

    stored = f"select * from read_parquet('{folder}/town_year.parquet')"
    return duckdb.sql(SQL.format(folder=folder) if table == "sellers" else stored).df()


def ours(estimator: str, folder: Path, table: str) -> Callable[[], tuple[float, float]]:
    """One of our estimators, from town-year sums on."""
    from assets.towns.assumptions.goodman_bacon import goodman_bacon
    from assets.towns.estimators.staggered.callaway_santanna import group_time, overall
    from assets.towns.estimators.staggered.imputation import imputation
    from assets.towns.estimators.twfe import twfe
    from benchmarks.town_year_sums import from_town_year_sums

    run: dict[str, Callable[[Any], Any]] = {
        "callaway_santanna": lambda panel: overall(group_time(panel, "not_yet")),
        "imputation": imputation,
        "twfe": twfe,
    }
    stored = None if table == "sellers" else sums(folder, table)

    def measured() -> tuple[float, float]:
        panel = from_town_year_sums(sums(folder, table) if stored is None else stored)
        if estimator == "bacon":
            parts = goodman_bacon(panel)
            return sum(part.estimate * part.weight for part in parts), float("nan")
        first = run[estimator](panel).estimates[0]
        return first.estimate, first.std_error

    return measured


def theirs(estimator: str, folder: Path, table: str) -> Callable[[], tuple[float, float]]:
    """The same estimator of diff-diff on the same town-year means; every town counts alike."""
    import diff_diff

    frame = sums(folder, table)
    frame["outcome"] = frame["sum"] / frame["n"]
    frame["first"] = frame["cohort"].fillna(0).astype(int)
    columns = {"outcome": "outcome", "unit": "town", "time": "year", "first_treat": "first"}

    def measured() -> tuple[float, float]:
        if estimator == "bacon":
            parts = diff_diff.BaconDecomposition(weights="exact").fit(frame, **columns)
            return parts.twfe_estimate, float("nan")
        if estimator == "imputation":
            fit = diff_diff.ImputationDiD().fit(frame, aggregate="all", **columns)
        else:
            fit = diff_diff.CallawaySantAnna(control_group="not_yet_treated").fit(frame, **columns)
        return fit.overall_att, fit.overall_se

    return measured


TASKS = {
    f"{whose} {estimator} {table}": (run, estimator, table)
    for whose, run, estimator, table in [
        ("ours", ours, "callaway_santanna", "town-years"),
        ("diff-diff", theirs, "callaway_santanna", "town-years"),
        ("ours", ours, "imputation", "town-years"),
        ("diff-diff", theirs, "imputation", "town-years"),
        ("ours", ours, "bacon", "town-years"),
        ("diff-diff", theirs, "bacon", "town-years"),
        ("ours", ours, "twfe", "town-years"),
        ("ours", ours, "callaway_santanna", "sellers"),
        ("ours", ours, "imputation", "sellers"),
        ("ours", ours, "twfe", "sellers"),
    ]
}


def child(task: str, folder: Path) -> None:
    """Time one task in this process."""
    prepare, estimator, table = TASKS[task]
    run = prepare(estimator, folder, table)
    began = time.perf_counter()
    effect, std_error = run()
    seconds = time.perf_counter() - began
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps(asdict(Cost(seconds, peak_kb / 1024, effect, std_error))))


def measured(task: str, folder: Path) -> Cost:
    """Time one task in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", __file__, task, str(folder)],
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"{done.stderr}\n{task} failed.")
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        write_data(Path(name))
        costs = {task: measured(task, Path(name)) for task in TASKS}
    print(f"{TOWNS:,} towns x {YEARS} years, {TOWNS * SELLERS_PER_TOWN * YEARS:,} seller-years")
    print(f"{'task':42} {'seconds':>8} {'peak MB':>8} {'effect':>12} {'std. error':>11}")
    for task, cost in costs.items():
        print(
            f"{task:42} {cost.seconds:8.2f} {cost.peak_mb:8.0f} {cost.effect:12.8f} "
            f"{cost.std_error:11.8f}"
        )
    for estimator in ("callaway_santanna", "imputation", "bacon"):
        own = costs[f"ours {estimator} town-years"]
        other = costs[f"diff-diff {estimator} town-years"]
        print(
            f"{estimator}: diff-diff takes {other.seconds / own.seconds:.1f} times the seconds "
            f"and {other.peak_mb / own.peak_mb:.1f} times the memory"
        )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        child(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
