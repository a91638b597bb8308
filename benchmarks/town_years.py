"""What seller-years cost on their way to town-years, and how much memory that takes, at two sizes.

    python benchmarks/town_years.py [MILLIONS MILLIONS]

Belongs here: the time, as ratios to one bare GROUP BY of the same Parquet by seller and year in the
same run, since what follows a seller cannot do with less; a bare sum of it is named beside. Seconds
are of computing, so that a machine which others use says the same. Not here: the SQL (sql/micro).
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from assets.towns.records.contracts import CONTRACTS
from assets.towns.records.record_rows import ORDER_YEAR, RECORD_VIEWS
from assets.warehouse.connection import writable
from assets.warehouse.tables.writes import Writes
from orchestration.sql_models import load_models

YEARS = 10
SELLERS_PER_TOWN = 1000
MODELS = ("seller_year", "data_span", "seller_history", "town_group_year")


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
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_records(folder, seller_years)
        with writable(folder / "working.duckdb") as connection:
            prepare(connection, folder)
            scan, bare = (
                computing(lambda sql=sql: connection.execute(sql).fetchall())
                for sql in (
                    "select sum(sales_cny), sum(orders) from micro.annual_record",
                    "select max(sales), max(orders) from (select sum(sales_cny) as sales, "
                    "sum(orders) as orders from micro.annual_record group by seller_id, year)",
                )
            )
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            models = {model.name: model for model in load_models()}
            seconds = {
                noun: computing(lambda noun=noun: models[f"micro.{noun}"].write(Writes(connection)))
                for noun in MODELS
            }
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    total = sum(seconds.values())
    parts = ", ".join(f"{noun} {value / bare:.1f}" for noun, value in seconds.items())
    print(
        f"{seller_years:>12,} seller-years: {seller_years / total:>11,.0f} rows/s, "
        f"{total / bare:4.1f} x a bare GROUP BY by seller and year ({bare:.2f} s, "
        f"{bare / scan:.0f} x a bare sum): {parts}; "
        f"peak {peak / 1e6:.2f} GB, {before / 1e6:.2f} GB before the models"
    )


def prepare(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """The tables and views that the models read, of one data set."""
    connection.execute("create schema micro; create schema raw")
    for contract, name in RECORD_VIEWS.items():
        path = folder / f"{contract}.parquet"
        columns = ", ".join(column.name for column in CONTRACTS[contract].columns)
        if path.exists():
            select = f"select 'made' as dataset, {columns} from read_parquet('{path}')"
        else:
            casts = ", ".join(
                f"null::{column.type} as {column.name}" for column in CONTRACTS[contract].columns
            )
            select = f"select 'made' as dataset, {casts} where false"
        connection.execute(f"create view {name} as {select}")
    connection.execute(
        "create table raw.town as select distinct dataset, town_id from micro.seller"
    )
    sums = ", ".join(f"null::{column.type} as {column.name}" for column in ORDER_YEAR.columns)
    connection.execute(f"create view {ORDER_YEAR.name} as select {sums} where false")


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        measure(int(sys.argv[2]))
        return
    for millions in sys.argv[1:] or ("2", "20"):
        count = str(int(float(millions) * 1e6))
        subprocess.run([sys.executable, __file__, "--one", count], check=True)


if __name__ == "__main__":
    main()
