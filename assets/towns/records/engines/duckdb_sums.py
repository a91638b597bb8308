"""Sums over sellers' records on DuckDB, for a data set whose card does not say `engine: spark`.

Belongs here: what is computed of one data set, and the Parquet files that come of it. Not here: the
SQL (`record_steps.py`), and what becomes of the files (`kept_sums.py`).
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from assets.towns.records.contracts import CONTRACTS, TOWN
from assets.towns.records.dataset_writing import write_view
from assets.towns.records.engines.record_steps import OF_SELLERS, STEPS, sql_of
from assets.towns.records.record_rows import (
    DATASET,
    LIST_TABLES,
    ORDER_YEAR,
    RECORD_VIEWS,
    records_select,
)
from assets.warehouse.private import private_file
from assets.warehouse.tables.table import Column
from assets.warehouse.tables.writes import Writes
from assets.warehouse.texts.spelled import literal

if TYPE_CHECKING:
    import pyarrow as pa

HISTORY = "micro.seller_history"  # kept for whoever adds up what changed; nobody else reads it
BUT_ORDERS = "but_orders.txt"
_TOWNS = LIST_TABLES[TOWN.name].name
# Columns of names that rows are joined and grouped by, and the type that each gets.
_NAMES = {"dataset": "dataset_name", "town_id": "town_name", "gender": "gender_name"}


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
    sql = sql_of(step)
    if step.startswith("micro."):
        connection.execute(f"create table {step} as {sql}")
        sql = f"from {step}"
    if step not in OF_SELLERS:
        write_result(connection, step, sql, folder)


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


def named(given: OnDuckDb, columns: Iterable[str] = ()) -> str:
    """The beginning of a SELECT of rows of a data set with these columns: names get their types.

    All rows are joined and grouped by names, which as values of a type take a byte or two.
    """
    of = {each: each for each in columns if each in _NAMES} | {DATASET.name: literal(given.dataset)}
    casts = ", ".join(f"cast({value} as {_NAMES[name]}) as {name}" for name, value in of.items())
    return f"select * replace ({casts}) from"


def give_records(connection: duckdb.DuckDBPyConnection, given: OnDuckDb) -> None:
    """The views and tables that the SQL reads."""
    writes = Writes(connection)
    connection.execute("create schema micro; create schema raw")
    connection.execute(f"create type dataset_name as enum ({literal(given.dataset)})")
    connection.execute("create type gender_name as enum ('female', 'male', 'unknown')")
    connection.register("listed", given.lists[_TOWNS])
    connection.execute(
        "create type town_name as enum (select distinct town_id from listed order by town_id)"
    )
    connection.unregister("listed")
    for contract, view in RECORD_VIEWS.items():
        paths, of = given.records[contract], CONTRACTS[contract]
        begin = named(given, (column.name for column in of.columns))
        selects = [f"{begin} ({records_select(given.dataset, of, paths)})"] if paths else []
        write_view(
            writes, view, of.grain, [_typed(each) for each in (DATASET, *of.columns)], selects
        )
    sums = ", ".join(literal(path) for path in given.order_sums)
    selects = [f"{named(given)} read_parquet([{sums}])"] if sums else []
    columns = [_typed(each) for each in ORDER_YEAR.columns]
    write_view(writes, ORDER_YEAR.name, ORDER_YEAR.grain, columns, selects)
    for table, rows in given.lists.items():
        connection.register("listed", rows)
        connection.execute(f"create table {table} as {named(given, rows.column_names)} listed")
        connection.unregister("listed")


def _typed(column: Column) -> Column:
    return replace(column, type=_NAMES.get(column.name, column.type))
