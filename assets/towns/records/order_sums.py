"""Sums of orders by seller and year, kept beside the records that they were made of.

Belongs here: making them, from all orders or from what changed. Not here: which files there are and
when they take their place (`dataset_intake.py`), and the SQL (`sql/queries/towns`).

A sum is of whole numbers, so that adding a month to the sums of before, or taking one away, gives
the very sums that all orders would. The file is named for the SQL that made it: sums by another
version are never added to. Months of one year are added up together and apart from other years', so
that memory holds the sellers of one year.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
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
_TOGETHER = "towns/order_files_by_years"


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
    private_folder(partial)
    columns = ", ".join(f"{column.name} {column.type}" for column in ORDER_YEAR.columns)
    connection.execute("create schema if not exists micro")
    gone = () if before is None else before.gone
    sums = {} if before is None else {file.name: file for file in before.folder.iterdir()}
    try:
        for together in _by_years(connection, (*orders, *gone)):
            connection.execute(
                f"create or replace table micro.order_year_change (sign integer, {columns})"
            )
            _add(connection, dataset, 1, [path for path in orders if path in together])
            _add(connection, dataset, -1, [path for path in gone if path in together])
            _write_years(connection, partial, sums)
    except duckdb.ConversionException as error:
        raise DocumentError(
            f"landing/{TOWN_STUDY_FOLDER}/{dataset}",
            found=f"orders of one seller and year cannot be added up: {str(error).splitlines()[0]}",
            expected="completed orders of less than 7e13 yuan in all",
            advice="Correct the amounts, and sha256, bytes and rows in the card.",
        ) from error
    for name, file in sums.items():
        if file.parent != partial:
            os.link(file, partial / name)
    partial.rename(target)


def _by_years(
    connection: duckdb.DuckDBPyConnection, paths: Sequence[Path]
) -> Iterator[frozenset[Path]]:
    """The files with orders, those together that tell of the same years, as Parquet says."""
    if paths:
        files = {"files": [str(path) for path in paths]}
        for (names,) in connection.execute(query_text(_TOGETHER), files).fetchall():
            yield frozenset(Path(name) for name in names)


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
    connection: duckdb.DuckDBPyConnection, folder: Path, sums: dict[str, Path]
) -> None:
    """Write the years that changed, on top of what `sums` holds of them, and note them there.

    sums: the file of each year by its name, as far as was added up.
    """
    found = connection.execute("select distinct year from micro.order_year_change").fetchall()
    changed = {f"{year}.parquet": year for (year,) in found}
    earlier = [sums[name] for name in changed if name in sums]
    for file in earlier:
        connection.execute(
            "insert into micro.order_year_change by name "
            f"select 1 as sign, * from read_parquet({literal(file)})"
        )
    total = "select * exclude (sign) from micro.order_year_change"  # of new years, each seller once
    if earlier:
        total = query_text(_CHANGED)
    for name, year in changed.items():
        file = private_file(folder / name)
        copied = connection.execute(
            f"copy (select * from ({total}) where year = {year} order by seller_id) "
            f"to {literal(file)} (format parquet)"
        )
        if copied.fetchall() == [(0,)]:
            file.unlink()
            sums.pop(name, None)
        else:
            sums[name] = file
