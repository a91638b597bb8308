"""Sums over sellers' records on DuckDB, for a data set whose card does not say `engine: spark`.

Belongs here: what is computed of one data set, and the Parquet files that come of it. Not here: the
SQL (`record_steps.py`), and what becomes of the files (`kept_sums.py`).
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from assets.towns.records.contracts import CONTRACTS
from assets.towns.records.dataset_writing import write_view
from assets.towns.records.engines.record_steps import OF_SELLERS, STEPS, sql_of
from assets.towns.records.record_rows import DATASET, ORDER_YEAR, RECORD_VIEWS, records_select
from assets.warehouse.private import private_file
from assets.warehouse.tables.writes import Writes
from assets.warehouse.texts.spelled import literal

if TYPE_CHECKING:
    import pyarrow as pa

HISTORY = "micro.seller_history"  # kept for whoever adds up what changed; nobody else reads it
BUT_ORDERS = "but_orders.txt"


@dataclass(frozen=True, slots=True)
class OnDuckDb:
    """A data set as DuckDB is to see it.

    records: Parquet files by contract; order_sums: those that intake keeps; lists: rows by table;
    but_orders: a digest of all of it but orders.
    """

    dataset: str
    records: Mapping[str, Sequence[Path]]
    order_sums: Sequence[Path]
    lists: Mapping[str, "pa.Table"]
    but_orders: str


def duckdb_folder(kept: Path) -> Path:
    """Where the sums lie, by this version of the SQL and of DuckDB, beside the kept files."""
    text = "\n".join([duckdb.__version__, *map(sql_of, STEPS)])
    return kept / f"duckdb-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def compute_on_duckdb(
    connection: duckdb.DuckDBPyConnection,
    given: OnDuckDb,
    folder: Path,
    progress: Callable[[str], None],
) -> None:
    """Write `<result>.parquet` into `folder` for each of RESULTS.

    connection: to no particular file; it may spill to disk. Whoever calls it puts the folder in its
    place when all of it is there.
    """
    give_records(connection, given)
    for name in STEPS:
        if name == ORDER_YEAR.name:
            continue  # intake keeps its sums
        progress(f"towns/{given.dataset}: {name} on DuckDB")
        if name == "micro.seller_year" and not given.order_sums:
            # Annual records are read where they lie; years of orders are joined once.
            connection.execute(f"create view {name} as {sql_of(name)}")
        else:
            run_step(connection, name, folder)
    write_said(connection, given, folder)


def result_file(folder: Path, step: str) -> Path:
    """Where what a step gave lies in a folder."""
    return folder / f"{step.split('.')[1]}.parquet"


def run_step(connection: duckdb.DuckDBPyConnection, step: str, folder: Path) -> None:
    """Compute a step; write what it gives where it is of no seller."""
    sql = years_of_sellers() if step == "micro.seller_year" else sql_of(step)
    if step.startswith("micro."):
        connection.execute(f"create table {step} as {sql}")
        sql = f"from {step}"
    if step not in OF_SELLERS:
        write_result(connection, step, sql, folder)


def years_of_sellers() -> str:
    """A SELECT of the years of sellers, in the order in which sums of doubles take them.

    What comes out of a join may come in another order where few of its rows find a match.
    """
    return f"select * from ({sql_of('micro.seller_year')}) order by year, seller_id"


def write_result(connection: duckdb.DuckDBPyConnection, step: str, sql: str, folder: Path) -> None:
    """Write the rows of a SELECT, in one order, since sums over towns round as they are read."""
    file = private_file(result_file(folder, step))
    rows = f"select * from ({sql}) order by all"
    connection.execute(f"copy ({rows}) to {literal(file)} (format parquet)")


def write_said(connection: duckdb.DuckDBPyConnection, given: OnDuckDb, folder: Path) -> None:
    """Write what adding up other orders of the same sellers needs beside the results."""
    file = private_file(result_file(folder, HISTORY))
    connection.execute(f"copy {HISTORY} to {literal(file)} (format parquet)")
    private_file(folder / BUT_ORDERS).write_text(given.but_orders, encoding="utf-8")


def dataset_named(given: OnDuckDb) -> str:
    """The beginning of a SELECT of rows of a data set, whose name gets its type.

    All rows are joined and grouped by the name, which as the one value of a type takes a byte.
    """
    return f"select * replace (cast({literal(given.dataset)} as dataset_name) as dataset) from"


def give_records(connection: duckdb.DuckDBPyConnection, given: OnDuckDb) -> None:
    """The views and tables that the SQL reads.

    On one thread, and with joins as they are written: sums of doubles then take the records of a
    town and year in one order, however many others are added up beside them.
    """
    connection.execute("set threads = 1")
    connection.execute("set disabled_optimizers = 'join_order,build_side_probe_side'")
    writes = Writes(connection)
    connection.execute("create schema micro; create schema raw")
    connection.execute(f"create type dataset_name as enum ({literal(given.dataset)})")
    dataset = replace(DATASET, type="dataset_name")
    named = dataset_named(given)
    for contract, view in RECORD_VIEWS.items():
        paths, of = given.records[contract], CONTRACTS[contract]
        selects = [f"{named} ({records_select(given.dataset, of, paths)})"] if paths else []
        write_view(writes, view, of.grain, (dataset, *of.columns), selects)
    sums = ", ".join(literal(path) for path in given.order_sums)
    selects = [f"{named} read_parquet([{sums}])"] if sums else []
    columns = (dataset, *ORDER_YEAR.columns[1:])
    write_view(writes, ORDER_YEAR.name, ORDER_YEAR.grain, columns, selects)
    for table, rows in given.lists.items():
        connection.register("listed", rows)
        connection.execute(f"create table {table} as {named} listed")
        connection.unregister("listed")
