"""Sums of orders by seller and year, kept beside the records that they were made of.

Belongs here: making them, from all orders or from what changed. Not here: which files there are and
when they take their place (`dataset_intake.py`), and the SQL (`sql/queries/towns`).

A sum is of whole numbers, so that adding a month to the sums of before, or taking one away, gives
the very sums that all orders would. The file is named for the SQL that made it: sums by another
version are never added to.
"""

import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from assets.extracts.errors import DocumentError
from assets.extracts.landed.survey import TOWN_STUDY_FOLDER
from assets.towns.records.contracts import ORDER
from assets.towns.records.record_rows import ORDER_YEAR, RECORD_VIEWS, records_select
from assets.warehouse.private import private_file, private_folder
from assets.warehouse.queries import query_text
from assets.warehouse.texts.spelled import literal

_OF_ORDERS, _CHANGED = "towns/order_year", "towns/changed_order_year"


@dataclass(frozen=True, slots=True)
class SumsBefore:
    """Sums of before that hold for a data set but for the orders in some files."""

    folder: Path
    gone: tuple[Path, ...]  # in those sums, and not in the data set any more


def order_sums_folder(kept: Path) -> Path:
    """Where the sums of a data set lie, by this version of the SQL, beside its kept files.

    One file a year, so that those of other years than the changed one stay.
    """
    text = query_text(_OF_ORDERS) + query_text(_CHANGED)
    return kept / f"order_year-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def write_order_sums(
    connection: duckdb.DuckDBPyConnection,
    dataset: str,
    kept: Path,
    orders: Sequence[Path],
    before: SumsBefore | None = None,
) -> None:
    """Write the sums of verified orders to `order_sums_folder(kept)`, all of them or none.

    connection: to no particular file; it may spill to disk. orders: the files that are not in the
    sums of before; all, where there are no such sums. Raises DocumentError where a seller's sales
    of a year are no amount of money.
    """
    target = order_sums_folder(kept)
    partial = target.with_name(f".partial-{target.name}")
    shutil.rmtree(partial, ignore_errors=True)
    columns = ", ".join(f"{column.name} {column.type}" for column in ORDER_YEAR.columns)
    connection.execute("create schema if not exists micro")
    connection.execute(f"create or replace table micro.order_year_change (sign integer, {columns})")
    try:
        _add(connection, dataset, 1, orders)
        if before is not None:
            _add(connection, dataset, -1, before.gone)
        _write_years(connection, private_folder(partial), before)
    except duckdb.ConversionException as error:
        raise DocumentError(
            f"landing/{TOWN_STUDY_FOLDER}/{dataset}",
            found=f"orders of one seller and year cannot be added up: {str(error).splitlines()[0]}",
            expected="completed orders of less than 7e13 yuan in all",
            advice="Correct the amounts, and sha256, bytes and rows in the card.",
        ) from error
    partial.rename(target)


def _add(
    connection: duckdb.DuckDBPyConnection, dataset: str, sign: int, paths: Sequence[Path]
) -> None:
    """Add up the orders in some files, and put the sums with a sign to what changed."""
    if not paths:
        return
    connection.execute(
        f"create or replace view {RECORD_VIEWS[ORDER.name]} as "
        f"{records_select(dataset, ORDER, paths)}"
    )
    connection.execute(
        "insert into micro.order_year_change by name "
        f"select {sign} as sign, * from ({query_text(_OF_ORDERS)})"
    )


def _write_years(
    connection: duckdb.DuckDBPyConnection, folder: Path, before: SumsBefore | None
) -> None:
    """Write the years that changed; files of the others get one more name."""
    found = connection.execute("select distinct year from micro.order_year_change").fetchall()
    changed = {f"{year}.parquet": year for (year,) in found}
    for file in [] if before is None else sorted(before.folder.iterdir()):
        if file.name not in changed:
            os.link(file, folder / file.name)
            continue
        connection.execute(
            "insert into micro.order_year_change by name "
            f"select 1 as sign, * from read_parquet({literal(file)})"
        )
    sums = "select * exclude (sign) from micro.order_year_change"  # of all orders, each once
    if before is not None:
        sums = query_text(_CHANGED)
    for name, year in changed.items():
        file = private_file(folder / name)
        copied = connection.execute(
            f"copy (select * from ({sums}) where year = {year} order by seller_id) "
            f"to {literal(file)} (format parquet)"
        )
        if copied.fetchall() == [(0,)]:
            file.unlink()
