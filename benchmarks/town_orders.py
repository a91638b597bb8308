"""What orders cost on their way to towns by years: intake, models, and one more month.

    python benchmarks/town_orders.py [MILLIONS [MONTHS ...]]
    python benchmarks/town_orders.py --month ORDERS SELLERS

Belongs here: the time, as ratios to one bare join and GROUP BY over the same Parquet files in the
same run. Seconds are of computing, all threads together, so that a machine which others use, too,
says the same; memory is the peak of the process. A few orders are taken in first: what a process
loads once is not what orders cost. `towns` is all that follows a seller, the suites' frames too.
The same month on few and on many months is of the same sellers. A goal that is missed says so. Not
here: the SQL (`sql/micro`), records by year (`town_years.py`).
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import yaml

from assets.extracts.cards.content import file_sha256
from assets.towns.records.dataset_intake import files_in_force, read_datasets
from assets.towns.records.dataset_survey import datasets_before, survey_datasets
from assets.towns.records.dataset_writing import remove_kept_of_before, write_datasets
from assets.towns.records.kept_sums import write_kept_sums
from assets.towns.records.order_year_view import write_order_year
from assets.warehouse.home import Home
from assets.warehouse.store import Store

FIRST_YEAR = 2013
ORDERS_PER_SELLER = 200
SELLERS_PER_TOWN = 200
SUMS = "order_year"  # which intake adds up and keeps
KEPT = "towns"  # what follows a seller, and is kept as well
GOALS = {"models": 1.3, "intake": 1.5}
FEW_MONTHS, MANY_MONTHS = 10, 100
MORE_MONTHS = 3  # of which the median counts
GOAL_OF_MONTHS = 1.2  # one more month on many against one more on few
FEW = 2_000  # orders that are taken in first
MILLIONS = ("10", "100")  # the goals are of the latter; what a process costs anyway weighs in both
# Of one more month: ten and two orders of a seller, and ten in a month as large as those of the
# hundred million.
ORDERS_AND_SELLERS = (("200000", "20000"), ("200000", "100000"), ("1000000", "100000"))

_TOWNS = """
copy (
    select 'T' || i as town_id, 'Town ' || i as name, 'County ' || i // 10 as county,
        'Prefecture' as prefecture, 'Province' as province, 100.0::double as longitude_deg,
        30.0::double as latitude_deg, 2e4::double as baseline_gdp_per_head_cny,
        false as is_poverty_county, false as is_ethnic_autonomous, false as is_subdistrict
    from range($towns) as t (i)
) to '$folder/town.parquet'
"""
_SELLERS = """
copy (
    select i as seller_id, 'T' || i // $per_town as town_id, null::varchar as village,
        if(i % 3 = 0, 'female', 'male') as gender, 1970 + (i % 30)::integer as birth_year,
        date '2010-01-01' as opened_on
    from range($sellers) as t (i)
) to '$folder/seller.parquet'
"""
_ORDERS = """
copy (
    select $first + i as order_id, (hash(i + $first) % $sellers)::bigint as seller_id,
        date '$day' + (i % 28)::integer as ordered_on,
        (hash(i * 7 + $first) % 100000 + 1) / 100.0::double as amount_cny,
        if(i % 20 = 0, 'returned', 'completed') as status
    from range($rows) as t (i)
) to '$folder/$file'
"""
_BARE = """
select seller.town_id, year(ordered_on) as year, count(*), sum(amount_cny)
from read_parquet('$folder/order/*.parquet') as orders
join read_parquet('$folder/seller.parquet') as seller using (seller_id)
where status = 'completed'
group by all
"""


def filled(sql: str, **values: object) -> str:
    for name in sorted(values, key=len, reverse=True):
        sql = sql.replace(f"${name}", str(values[name]))
    return sql


def write_month(folder: Path, month: int, rows: int, sellers: int) -> dict[str, Any]:
    """The orders of one month, and their line of the card."""
    day = date(FIRST_YEAR + month // 12, 1 + month % 12, 1)
    file = f"order/{day:%Y-%m}.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            filled(_ORDERS, first=month * rows, rows=rows, sellers=sellers, day=day,
                   folder=folder, file=file)
        )  # fmt: skip
    return {"contract": "order", "file": file, "rows": rows}


def sign(folder: Path, files: list[dict[str, Any]], certification: str = "by_rule") -> None:
    """Write the card of a made data set, with what its files hold."""
    for one in files:
        path = folder / one["file"]
        one.update(sha256=file_sha256(path), bytes=path.stat().st_size)
    card = {
        "dataset": folder.name, "title": "Made up", "publisher": "benchmarks",
        "accessed_on": date(2026, 11, 30), "licence": "free", "simulated": True,
        "simulation": {"seed": 1}, "certification": certification, "files": files,
    }  # fmt: skip
    (folder / "card.yaml").write_text(yaml.safe_dump(card), encoding="utf-8")


def computing(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def taken_in(home: Home) -> dict[str, float]:
    """Intake and models of what waits: seconds of each."""
    store = Store(home.working)

    start = time.process_time()
    verified = start

    def progress(line: str) -> None:
        nonlocal verified
        if "adding up" in line:
            verified = time.process_time()

    waiting = survey_datasets(home, datasets_before(home, store)).pending
    found = read_datasets(home, waiting, progress, "code", files_in_force(home, store, "code"))
    assert not found.refused, found.refused[0].message
    added = time.process_time()
    write_datasets(home, store, found)
    written = time.process_time()
    write_order_year(home, store)
    seconds = {
        "intake": verified - start + written - added,
        SUMS: added - verified + time.process_time() - written,
    }
    seconds[KEPT] = computing(lambda: write_kept_sums(home, store, lambda line: None))
    remove_kept_of_before(home, store)
    return seconds


def landed(home: Home, rows: int, months: int, sellers: int) -> tuple[Path, list[dict[str, Any]]]:
    """A data set of months of so many orders, signed: its folder and the files on its card."""
    folder = home.landing / "towns" / "made"
    (folder / "order").mkdir(parents=True)
    towns = -(-sellers // SELLERS_PER_TOWN)
    with duckdb.connect() as connection:
        connection.execute(filled(_TOWNS, towns=towns, folder=folder))
        connection.execute(
            filled(_SELLERS, sellers=sellers, per_town=SELLERS_PER_TOWN, folder=folder)
        )
    files = [
        {"contract": "town", "file": "town.parquet", "rows": towns},
        {"contract": "seller", "file": "seller.parquet", "rows": sellers},
        *(write_month(folder, month, rows, sellers) for month in range(months)),
    ]
    sign(folder, files)
    return folder, files


def measure(orders: int, months: int) -> None:
    """Print what one size costs; in a process of its own, for its peak memory."""
    with tempfile.TemporaryDirectory() as name:
        few, home = (Home(Path(name) / each).prepare() for each in ("few", "home"))
        landed(few, FEW, 1, FEW // ORDERS_PER_SELLER)
        taken_in(few)
        rows, sellers = orders // months, orders // ORDERS_PER_SELLER
        folder, files = landed(home, rows, months, sellers)
        with duckdb.connect() as connection:
            bare = computing(lambda: connection.execute(filled(_BARE, folder=folder)).fetchall())
        first = taken_in(home)
        files.append(write_month(folder, months, rows, sellers))
        sign(folder, files)
        more = taken_in(home)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{orders:>12,} orders in {months} months; a bare GROUP BY {bare:.2f} s; "
          f"peak {peak / 1e6:.2f} GB")  # fmt: skip
    for title, seconds in (("first", first), ("one more month", more)):
        models = seconds[SUMS] + seconds[KEPT]
        parts = ", ".join(f"{noun} {value / bare:.1f}" for noun, value in seconds.items())
        missed = [
            f"{what} above {goal}"
            for what, goal in GOALS.items()
            if {"models": models, "intake": seconds["intake"]}[what] > goal * bare
        ]
        said = f"; MISSED: {', '.join(missed)}" if missed else ""
        print(f"    {title}: {sum(seconds.values()):.2f} s, as ratios: {parts}{said}")


def measure_months(rows: int, sellers: int) -> None:
    """Print what one more month of so many orders costs on few and on many months."""
    found = {}
    with tempfile.TemporaryDirectory() as name:
        few = Home(Path(name) / "few").prepare()
        landed(few, FEW, 1, FEW // ORDERS_PER_SELLER)
        taken_in(few)
        for months in (FEW_MONTHS, MANY_MONTHS):
            home = Home(Path(name) / f"{months}").prepare()
            folder, files = landed(home, rows, months, sellers)
            taken_in(home)
            seen = []
            for month in range(months, months + MORE_MONTHS):
                files.append(write_month(folder, month, rows, sellers))
                sign(folder, files)
                seen.append(taken_in(home))
            found[months] = sorted(seen, key=lambda each: sum(each.values()))[MORE_MONTHS // 2]
    print(f"one more month of {rows:,} orders by {sellers:,} sellers")
    for months, seconds in found.items():
        parts = ", ".join(f"{noun} {value:.2f}" for noun, value in seconds.items())
        print(f"    on {months:>3} months: {sum(seconds.values()):.2f} s: {parts}")
    few_months, many_months = (sum(seconds.values()) for seconds in found.values())
    ratio = many_months / few_months
    said = "met" if ratio <= GOAL_OF_MONTHS else "MISSED"
    print(f"    ratio {ratio:.2f}; goal {GOAL_OF_MONTHS}: {said}")


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        measure(int(sys.argv[2]), int(sys.argv[3]))
        return
    if sys.argv[1:2] == ["--month"]:
        measure_months(int(sys.argv[2]), int(sys.argv[3]))
        return
    sizes = sys.argv[1:2] or MILLIONS
    for millions in sizes:
        for months in sys.argv[2:] or (str(FEW_MONTHS), str(MANY_MONTHS)):
            count = str(int(float(millions) * 1e6))
            subprocess.run([sys.executable, __file__, "--one", count, months], check=True)
    for orders, sellers in ORDERS_AND_SELLERS:
        subprocess.run([sys.executable, __file__, "--month", orders, sellers], check=True)


if __name__ == "__main__":
    main()
