"""What seller-years cost on their way to town-years, and how much memory that takes, at two sizes.

    python benchmarks/town_years.py [MILLIONS MILLIONS]

Belongs here: the time of what runs once for a content of a data set, as ratios to one bare GROUP BY
of the same Parquet by seller and year in the same run, since what follows a seller cannot do with
less; a bare scan of it is named beside. Seconds are of computing, so that a machine which others
use says the same. Not here: the SQL (`assets/towns/records/engines/record_steps.py` lists it).
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from assets.towns.records.engines.duckdb_sums import OnDuckDb, compute_on_duckdb
from assets.towns.records.record_rows import LIST_TABLES, RECORD_VIEWS
from assets.warehouse.connection import in_memory

YEARS = 10
SELLERS_PER_TOWN = 1000


def write_records(folder: Path, seller_years: int) -> None:
    """Random sellers in towns of equal size, with sales in every year."""
    sellers = seller_years // YEARS
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select i as seller_id, 'T' || (i // {SELLERS_PER_TOWN}) as town_id, "
            "null::varchar as village, if(i % 3 = 0, 'female', 'male') as gender, "
            "1970 + (i % 30)::integer as birth_year, date '2010-01-01' as opened_on "
            f"from range({sellers}) as t (i)) to '{folder}/seller.parquet' (format parquet)"
        )
        connection.execute(
            "copy (select i as seller_id, y::integer as year, "
            "exp(9 + 2 * sin(i * 12.9898 + y)) as sales_cny, (5 + i % 90)::bigint as orders "
            f"from range({sellers}) as t (i), range(2012, {2012 + YEARS}) as u (y)) "
            f"to '{folder}/seller_year.parquet' (format parquet)"
        )


def computing(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def measure(seller_years: int) -> None:
    """Print one line for one size; in a process of its own, for its peak memory."""
    with tempfile.TemporaryDirectory() as name, in_memory() as connection:
        folder = Path(name)
        write_records(folder, seller_years)
        file = f"read_parquet('{folder}/seller_year.parquet')"
        scan, bare = (
            computing(lambda sql=sql: connection.execute(sql).fetchall())
            for sql in (
                f"select max(seller_id), max(year), sum(sales_cny), sum(orders) from {file}",
                "select max(sales), max(orders) from (select sum(sales_cny) as sales, "
                f"sum(orders) as orders from {file} group by seller_id, year)",
            )
        )
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began: list[tuple[str, float]] = []
        compute_on_duckdb(
            connection,
            made(connection, folder),
            folder,
            lambda line: began.append((line.split()[1], time.process_time())),
        )
        ended = [*(start for _, start in began[1:]), time.process_time()]
        seconds = {step: end - start for (step, start), end in zip(began, ended, strict=True)}
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    total = sum(seconds.values())
    parts = ", ".join(
        f"{step} {value / bare:.1f}" for step, value in seconds.items() if value >= 0.05 * bare
    )
    print(
        f"{seller_years:>12,} seller-years: {seller_years / total:>11,.0f} rows/s, "
        f"{total / bare:4.1f} x a bare GROUP BY by seller and year ({bare:.2f} s, "
        f"{bare / scan:.0f} x a scan of the columns): {parts}; "
        f"peak {peak / 1e6:.2f} GB, {before / 1e6:.2f} GB before the steps"
    )


def made(connection: duckdb.DuckDBPyConnection, folder: Path) -> OnDuckDb:
    """The records as a data set, whose towns are those of its sellers."""
    files = {contract: folder / f"{contract}.parquet" for contract in RECORD_VIEWS}
    lists = {}
    for name, table in LIST_TABLES.items():
        columns = ", ".join(
            "town_id" if name == "town" and column.name == "town_id"
            else f"'made' as {column.name}" if column.name == "dataset"
            else f"null::{column.type} as {column.name}"
            for column in table.columns
        )  # fmt: skip
        rows = f"select distinct town_id from read_parquet('{files['seller']}')"
        where = "" if name == "town" else " where false"
        lists[table.name] = connection.sql(
            f"select {columns} from ({rows}){where}"
        ).to_arrow_table()
    records = {name: [file] if file.exists() else [] for name, file in files.items()}
    return OnDuckDb("made", records, [], lists, "")


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        measure(int(sys.argv[2]))
        return
    for millions in sys.argv[1:] or ("2", "20"):
        count = str(int(float(millions) * 1e6))
        subprocess.run([sys.executable, __file__, "--one", count], check=True)


if __name__ == "__main__":
    main()
