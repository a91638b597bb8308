"""What the town study's estimators cost at scale, against the libraries diff-diff and pyfixest.

Run: python benchmarks/town_did.py [MILLIONS]. 20,000 towns by 10 years of random numbers, with as
many sellers each as make so many millions of seller-years (5). Every task runs in a process of its
own and is timed after its data are loaded, the second time that it is done there: the first
compiles. From sellers, ours are timed from the Parquet file on, and as scans: how many times as
long as adding up the column, which each has to read, takes. Memory is the process's peak, data and
imports included. All in one run on one machine, so that ratios can be compared where times cannot.
pyfixest: `uv run --group reference`; without it its task is left out, which is said. Not here:
whether the results are right (tests), and the way from records to sums (`town_years.py`).
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
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[1]
TOWNS, YEARS, MILLIONS = 20_000, 10, 5
MOST_OF_SELLERS = 20  # millions: peers that hold every seller in memory are not asked for more
GOAL_SCANS, GOAL_GB = 7, 1.5
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


def write_data(folder: Path, sellers_per_town: int) -> None:
    """Seller-years as Parquet, and the same as town-year means."""
    import duckdb

    duckdb.execute("select setseed(0.5)")
    duckdb.execute(f"""
        copy (
            select seller // {sellers_per_town} as town, seller, year,
                   if(town % 7 = 0, null, 2013 + town % 7) as cohort,
                   9 + 3 * random() + 0.1 * year % 3 + if(year >= cohort, 0.28, 0) as log_sales
            from range({TOWNS * sellers_per_town}) sellers(seller),
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


def of_sellers(estimator: str, folder: Path, table: str) -> Callable[[], tuple[float, float]]:
    """A library on the rows of the sellers, errors clustered by town."""
    import duckdb

    frame = duckdb.sql(
        "select town, seller, year, log_sales, coalesce(cohort, 0) as first, "
        f"(cohort is not null and year >= cohort)::double as treated "
        f"from read_parquet('{folder}/seller_year.parquet')"
    ).df()

    def pyfixest() -> tuple[float, float]:
        import pyfixest

        formula = "log_sales ~ treated | seller + year"
        fit = pyfixest.feols(formula, frame, vcov={"CRV1": "town"}, store_data=False)
        return float(fit.coef().iloc[0]), float(fit.se().iloc[0])

    def diff_diff() -> tuple[float, float]:
        import diff_diff

        method = diff_diff.CallawaySantAnna(control_group="not_yet_treated", cluster="town")
        fit = method.fit(
            frame, outcome="log_sales", unit="seller", time="year", first_treat="first"
        )
        return fit.overall_att, fit.overall_se

    return pyfixest if estimator == "twfe" else diff_diff


def scan(estimator: str, folder: Path, table: str) -> Callable[[], tuple[float, float]]:
    """What reading the columns alone takes: the sum of one by the others."""
    import duckdb

    def measured() -> tuple[float, float]:
        duckdb.sql(
            "select sum(log_sales), max(town), max(year), max(cohort) "
            f"from read_parquet('{folder}/seller_year.parquet')"
        ).fetchall()
        return float("nan"), float("nan")

    return measured


ROWS = [
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
    ("DuckDB", scan, "scan", "sellers"),
    ("pyfixest", of_sellers, "twfe", "sellers"),
    ("diff-diff", of_sellers, "callaway_santanna", "sellers"),
]
TASKS = {
    f"{whose} {estimator} {table}": (run, estimator, table) for whose, run, estimator, table in ROWS
}


# What is held against what.
PEERS = {
    f"{whose} {estimator} {table}": f"ours {estimator} {table}"
    for whose, _, estimator, table in ROWS
    if whose in ("diff-diff", "pyfixest")
}.items()


def child(task: str, folder: Path) -> None:
    """Time one task in this process."""
    prepare, estimator, table = TASKS[task]
    run = prepare(estimator, folder, table)
    run()
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
    millions = int(sys.argv[1]) if len(sys.argv) > 1 else MILLIONS
    sellers = millions * 1_000_000 // (TOWNS * YEARS)
    tasks = [
        task
        for task, (run, _, _) in TASKS.items()
        if (run is not of_sellers or millions <= MOST_OF_SELLERS)
        and (not task.startswith("pyfixest") or find_spec("pyfixest") is not None)
    ]
    with tempfile.TemporaryDirectory() as name:
        write_data(Path(name), sellers)
        costs = {task: measured(task, Path(name)) for task in tasks}
    print(f"{TOWNS:,} towns x {YEARS} years, {TOWNS * sellers * YEARS:,} seller-years")
    print(f"{'task':42} {'seconds':>8} {'peak MB':>8} {'effect':>12} {'std. error':>11}")
    for task, cost in costs.items():
        print(
            f"{task:42} {cost.seconds:8.2f} {cost.peak_mb:8.0f} {cost.effect:12.8f} "
            f"{cost.std_error:11.8f}"
        )
    for task in TASKS.keys() - costs.keys():
        print(f"{task}: not run")
    for estimator in ("callaway_santanna", "imputation", "twfe"):
        own = costs[f"ours {estimator} sellers"]
        scans = own.seconds / costs["DuckDB scan sellers"].seconds
        met = scans <= GOAL_SCANS and own.peak_mb <= 1000 * GOAL_GB
        print(
            f"{estimator} from sellers: {scans:.1f} scans, {own.peak_mb / 1000:.2f} GB; goal "
            f"{GOAL_SCANS} and {GOAL_GB} GB: {'met' if met else 'MISSED'}"
        )
    for other, own in PEERS:
        if other not in costs:
            continue
        theirs, mine = costs[other], costs[own]
        print(
            f"{other} takes {theirs.seconds / mine.seconds:.1f} times the seconds and "
            f"{theirs.peak_mb / mine.peak_mb:.1f} times the memory"
        )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        child(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
