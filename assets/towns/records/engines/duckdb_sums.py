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


@dataclass(frozen=True, slots=True)
class OnDuckDb:
    """A data set as DuckDB is to see it.

    records: Parquet files by contract; order_sums: those that intake keeps; lists: rows by table.
    """

    dataset: str
    records: Mapping[str, Sequence[Path]]
    order_sums: Sequence[Path]
    lists: Mapping[str, "pa.Table"]


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

    connection: to no particular file; it may spill to disk. One thread, since sums of doubles then
    have one order. Whoever calls it puts the folder in its place when all of it is there.
    """
    connection.execute("set threads = 1")
    _give_records(connection, given)
    for name in STEPS:
        if name == ORDER_YEAR.name:
            continue  # intake keeps its sums
        progress(f"towns/{given.dataset}: {name} on DuckDB")
        sql = sql_of(name)
        schema, noun = name.split(".")
        if schema == "micro":
            # Annual records are read where they lie; years of orders are joined once.
            is_read = name == "micro.seller_year" and not given.order_sums
            kind = "view" if is_read else "table"
            connection.execute(f"create {kind} {name} as {sql}")
            sql = f"from {name}"
        if name not in OF_SELLERS:
            file = private_file(folder / f"{noun}.parquet")
            # In one order, since sums over towns round as they are read.
            rows = f"select * from ({sql}) order by all"
            connection.execute(f"copy ({rows}) to {literal(file)} (format parquet)")


def _give_records(connection: duckdb.DuckDBPyConnection, given: OnDuckDb) -> None:
    """The views and tables that the SQL reads.

    The name of the data set, which all rows are joined and grouped by, is the one value of a type,
    so that it takes a byte and no text.
    """
    writes = Writes(connection)
    connection.execute("create schema micro; create schema raw")
    connection.execute(f"create type dataset_name as enum ({literal(given.dataset)})")
    dataset = replace(DATASET, type="dataset_name")
    named = f"select * replace (cast({literal(given.dataset)} as dataset_name) as dataset) from"
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
