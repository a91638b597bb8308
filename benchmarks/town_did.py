"""What the town study's estimators cost at scale, against the libraries diff-diff and pyfixest.

Run: python benchmarks/town_did.py [MILLIONS]. 20,000 towns by 10 years of random numbers, with as
many sellers each as make so many millions of seller-years (5). Every task runs in a process of its
own and is timed after its data are loaded, the second time that it is done there: the first
compiles. From sellers, ours are timed as the product goes where sellers' records are taken in: by
the models of `sql/micro`, through the panel of one outcome that the study loads, to the estimate.
What the product does once for a content of the data set (copy, hash and verify the records; then
add up what follows a seller) is timed and told beside it, in scans, too: how many times as long as
reading the records' columns once takes. The libraries are given a frame in memory, which takes none
of their time, and are held against both: a refit, and a refit with the adding up before it.
Memory is the process's peak, data and imports included. Ratios are of computing, all threads
together, so that a machine which others use says the same. pyfixest: `uv run --group reference`;
without it its task is left out, which is said. Not here: whether the results are right (tests), and
what each step of adding up costs (`town_years.py`).
"""

import json
import os
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
GOAL_TIMES = {"pyfixest": 20, "diff-diff": 30}
FIRST_YEAR = 2011
# To the rows that the study reads, in the order in which each reads those before it.
MODELS = ("seller_year", "data_span", "seller_history", "town_group_year", "village_year",
          "town_certification", "town_cohort", "town_outcome")  # fmt: skip
SQL = """
    select town, year, count(*) as n, sum(log_sales) as sum,
           sum(log_sales * log_sales) as sum_of_squares, any_value(cohort) as cohort
    from read_parquet('{folder}/seller_year.parquet') group by town, year
"""


Task = Callable[[], tuple[float, float]]  # gives an effect and its standard error


@dataclass(frozen=True, slots=True)
class Cost:
    """One task."""

    seconds: float  # by the clock
    computing: float  # seconds of all threads
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
                 range({FIRST_YEAR}, {FIRST_YEAR + YEARS}) years(year)
        ) to '{folder}/seller_year.parquet'
    """)
    duckdb.execute(
        f"copy ({SQL.format(folder=folder)} order by town, year) to '{folder}/town_year.parquet'"
    )


def land(folder: Path) -> None:
    """The same sellers as a data set of the study, which waits to be taken in."""
    import duckdb

    from assets.warehouse.home import Home
    from benchmarks.town_orders import sign

    home = Home(folder).prepare()
    landed = home.landing / "towns" / "made"
    landed.mkdir(parents=True)
    flat = f"read_parquet('{folder}/seller_year.parquet')"
    last = FIRST_YEAR + YEARS - 1
    records = {
        "town": "select distinct 'T' || town as town_id, 'Town' as name, 'County' as county, "
        "'Prefecture' as prefecture, 'Province' as province, 100.0::double as longitude_deg, "
        "30.0::double as latitude_deg, 2e4::double as baseline_gdp_per_head_cny, "
        "false as is_poverty_county, false as is_ethnic_autonomous, false as is_subdistrict "
        f"from {flat}",
        "seller": "select seller as seller_id, 'T' || town as town_id, null::varchar as village, "
        "'female' as gender, 1970 as birth_year, date '2005-01-01' as opened_on "
        f"from {flat} where year = {last}",
        "seller_year": "select seller as seller_id, year::integer as year, "
        f"exp(log_sales) as sales_cny, 1::bigint as orders from {flat}",
        "certification": "select distinct 'T' || town as town_id, year::integer as year "
        f"from {flat} where year >= cohort",
    }
    files = []
    with duckdb.connect() as connection:
        for contract, select in records.items():
            path = landed / f"{contract}.parquet"
            [(rows,)] = connection.execute(f"copy ({select}) to '{path}'").fetchall()
            files.append({"contract": contract, "file": path.name, "rows": rows})
    sign(landed, files, "listed")


def intake(_: str, folder: Path) -> Task:
    """Taking the data set in as a refresh does: records are copied, hashed and verified."""
    from assets.towns.records.dataset_intake import read_datasets
    from assets.towns.records.dataset_survey import datasets_before, survey_datasets
    from assets.towns.records.dataset_writing import write_datasets
    from assets.towns.records.order_year_view import write_order_year
    from assets.warehouse.home import Home
    from assets.warehouse.store import Store

    home = Home(folder)
    store = Store(home.working)

    def measured() -> tuple[float, float]:
        waiting = survey_datasets(home, datasets_before(home, store)).everything
        found = read_datasets(home, waiting, lambda line: None, "code", anew=True)
        assert not found.refused, found.refused[0].message
        write_datasets(home, store, found)
        write_order_year(home, store)
        return float("nan"), float("nan")

    return measured


def added_up(_: str, folder: Path) -> Task:
    """What follows a seller, once for a content of the data set."""
    from assets.towns.records.kept_sums import write_kept_sums
    from assets.warehouse.home import Home
    from assets.warehouse.store import Store

    home = Home(folder)
    store = Store(home.working)

    def measured() -> tuple[float, float]:
        write_kept_sums(home, store, lambda line: None, again=True)
        return float("nan"), float("nan")

    return measured


def sums(folder: Path) -> Any:
    """Town-year sums, stored."""
    import duckdb

    return duckdb.sql(f"select * from read_parquet('{folder}/town_year.parquet')").df()


def of_panel(estimator: str, panel: Any) -> tuple[float, float]:
    """What one of our estimators says of a panel."""
    from assets.towns.assumptions.goodman_bacon import goodman_bacon
    from assets.towns.estimators.staggered.callaway_santanna import group_time, overall
    from assets.towns.estimators.staggered.imputation import imputation
    from assets.towns.estimators.twfe import twfe

    if estimator == "bacon":
        parts = goodman_bacon(panel)
        return sum(part.estimate * part.weight for part in parts), float("nan")
    run: dict[str, Callable[[Any], Any]] = {
        "callaway_santanna": lambda panel: overall(group_time(panel, "not_yet")),
        "imputation": imputation,
        "twfe": twfe,
    }
    first = run[estimator](panel).estimates[0]
    return first.estimate, first.std_error


def ours(estimator: str, folder: Path) -> Task:
    """One of our estimators, from town-year sums on."""
    from benchmarks.town_year_sums import from_town_year_sums

    stored = sums(folder)
    return lambda: of_panel(estimator, from_town_year_sums(stored))


def of_records(estimator: str, folder: Path) -> Task:
    """One of our estimators as the product goes: models, panel, estimate."""
    from assets.towns.panel.outcome_panel import load_panel
    from assets.warehouse.connection import kept_open
    from assets.warehouse.home import Home
    from assets.warehouse.queries import query_text
    from assets.warehouse.store import Store
    from orchestration.sql_models import load_models

    store = Store(Home(folder).working)
    models = {model.name: model for model in load_models()}

    @kept_open()  # as a refresh has it
    def measured() -> tuple[float, float]:
        for noun in MODELS:
            with store.transaction() as writes:
                models[f"micro.{noun}"].write(writes)
        given = {"dataset": "made"}
        outcomes = query_text("towns/outcomes")
        rows = store.frame(f"from ({outcomes}) where outcome = 'mean_log_sales'", given)
        panel = load_panel(rows, store.frame(query_text("towns/cohorts"), given)).panel
        return of_panel(estimator, panel)

    return measured


def theirs(estimator: str, folder: Path) -> Task:
    """The same estimator of diff-diff on the same town-year means; every town counts alike."""
    import diff_diff

    frame = sums(folder)
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


def of_sellers(estimator: str, folder: Path) -> Task:
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


def scan(estimator: str, folder: Path) -> Task:
    """What reading the columns of the records alone takes."""
    import duckdb

    def measured() -> tuple[float, float]:
        duckdb.sql(
            "select max(seller_id), max(year), sum(sales_cny), sum(orders) "
            f"from read_parquet('{folder}/landing/towns/made/seller_year.parquet')"
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
    ("ours", intake, "intake", "sellers"),
    ("ours", added_up, "adding up", "sellers"),
    ("ours", of_records, "callaway_santanna", "sellers"),
    ("ours", of_records, "imputation", "sellers"),
    ("ours", of_records, "twfe", "sellers"),
    ("DuckDB", scan, "scan", "sellers"),
    ("pyfixest", of_sellers, "twfe", "sellers"),
    ("diff-diff", of_sellers, "callaway_santanna", "sellers"),
]
TASKS = {f"{whose} {estimator} {table}": (run, estimator) for whose, run, estimator, table in ROWS}


# What is held against what.
PEERS = {
    f"{whose} {estimator} {table}": f"ours {estimator} {table}"
    for whose, _, estimator, table in ROWS
    if whose in ("diff-diff", "pyfixest")
}.items()


def child(task: str, folder: Path) -> None:
    """Time one task in this process."""
    prepare, estimator = TASKS[task]
    run = prepare(estimator, folder)
    run()
    began, computed = time.perf_counter(), time.process_time()
    effect, std_error = run()
    seconds, computing = time.perf_counter() - began, time.process_time() - computed
    # Of this program: what getrusage says begins with the peak of the process that started it.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak_kb = int(status.split("VmHWM:")[1].split()[0])
    print(json.dumps(asdict(Cost(seconds, computing, peak_kb / 1024, effect, std_error))))


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
        for task, (run, _) in TASKS.items()
        if (run is not of_sellers or millions <= MOST_OF_SELLERS)
        and (not task.startswith("pyfixest") or find_spec("pyfixest") is not None)
    ]
    costs = {}
    with tempfile.TemporaryDirectory() as name:
        write_data(Path(name), sellers)
        land(Path(name))
        print(f"{TOWNS:,} towns x {YEARS} years, {TOWNS * sellers * YEARS:,} seller-years")
        print(
            f"{'task':42} {'seconds':>8} {'computing':>9} {'peak MB':>8} "
            f"{'effect':>12} {'std. error':>11}"
        )
        for task in tasks:
            cost = costs[task] = measured(task, Path(name))
            print(
                f"{task:42} {cost.seconds:8.2f} {cost.computing:9.2f} {cost.peak_mb:8.0f} "
                f"{cost.effect:12.8f} {cost.std_error:11.8f}",
                flush=True,
            )
    for task in TASKS.keys() - costs.keys():
        print(f"{task}: not run")
    scan_cost = costs["DuckDB scan sellers"]
    once = costs["ours adding up sellers"]
    for what in ("intake", "adding up"):
        of = costs[f"ours {what} sellers"]
        print(
            f"{what}, once for a content: {of.computing / scan_cost.computing:.0f} scans of the "
            f"columns by computing, {of.peak_mb / 1000:.2f} GB"
        )
    for estimator in ("callaway_santanna", "imputation", "twfe"):
        own = costs[f"ours {estimator} sellers"]
        scans = own.computing / scan_cost.computing
        met = scans <= GOAL_SCANS and own.peak_mb <= 1000 * GOAL_GB
        print(
            f"{estimator} from sellers that are taken in: {scans:.1f} scans of the columns by "
            f"computing, {own.peak_mb / 1000:.2f} GB; "
            f"goal {GOAL_SCANS} and {GOAL_GB} GB: {'met' if met else 'MISSED'}"
        )
    for other, own in PEERS:
        if other not in costs:
            continue
        theirs, mine = costs[other], costs[own]
        times = theirs.computing / mine.computing
        print(
            f"{other} takes {times:.1f} times the computing and "
            f"{theirs.peak_mb / mine.peak_mb:.1f} times the memory"
            f"{told(other, theirs, mine, once) if other.endswith('sellers') else ''}"
        )


def told(other: str, theirs: Cost, mine: Cost, once: Cost) -> str:
    """Whether the goal is met, by a refit and where the records are added up first."""
    goal = GOAL_TIMES[other.split()[0]]
    met = theirs.computing >= goal * mine.computing
    first = theirs.computing / (mine.computing + once.computing)
    return (
        f"; goal {goal}: {'met' if met else 'MISSED'}; "
        f"{first:.1f} times with the adding up, which is done once"
    )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        child(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
