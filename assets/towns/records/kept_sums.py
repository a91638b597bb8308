"""Sums over sellers' records, kept beside the records, and the views over them.

Belongs here: which there are, making those that are not, the views of schema `micro` over the files
of all data sets. Not here: the SQL, and running it (`engines/`).

The sums hang on the records of a data set alone, whose folder is named for their content, and on
the SQL that made them, which names their files. So they are made once: a refresh that brings no
record reads none. Those of Spark come with the records; those of DuckDB are made here, also where
another version took the records in.
"""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from assets.towns.records.contracts import ORDER
from assets.towns.records.dataset_intake import checker
from assets.towns.records.dataset_survey import kept_folder
from assets.towns.records.engines.changed_sums import Before, compute_changed
from assets.towns.records.engines.duckdb_sums import (
    BUT_ORDERS,
    OnDuckDb,
    compute_on_duckdb,
    duckdb_folder,
)
from assets.towns.records.engines.record_steps import RESULTS, kept_view
from assets.towns.records.engines.spark_engine import results_folder
from assets.towns.records.order_sums import order_sums_folder
from assets.towns.records.record_rows import LIST_TABLES, RECORD_VIEWS, TownDatasetRow
from assets.warehouse.connection import MEMORY_VARIABLE
from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home
from assets.warehouse.private import private_folder
from assets.warehouse.publish import sync_file, sync_folder
from assets.warehouse.store import Store
from assets.warehouse.texts.spelled import literal

if TYPE_CHECKING:
    import pyarrow as pa

    from assets.warehouse.tables.writes import Writes

# What adding up may take, unless a person says how much: records that need more spill.
_MEMORY = "1GB"


@dataclass(frozen=True, slots=True)
class _InForce:
    """A data set in force, and what adds up its records."""

    dataset: str
    content_sha256: str
    engine: str


def write_kept_sums(
    home: Home, store: Store, progress: Callable[[str], None], again: bool = False
) -> None:
    """Make the sums that are not there, and write the views over those of all data sets.

    The sums of orders are there (`order_year_view.py`). again: those of DuckDB that are there are
    made anew, too, since other code made them. Raises WarehouseError where a file cannot be read,
    or DuckDB may not take the memory it needs.
    """
    columns = "dataset, content_sha256, engine"
    in_force = store.read(
        _InForce, f"select {columns} from {TownDatasetRow.table.name} order by dataset"
    )
    found = {}
    for each in in_force:
        kept = kept_folder(home, each.dataset, each.content_sha256)
        if each.engine == "spark":
            found[each.dataset] = results_folder(kept)
            continue
        found[each.dataset] = folder = duckdb_folder(kept)
        if again or not folder.is_dir():
            given = _given(store, each.dataset, kept)
            before = None if again else _before(kept, given)
            _add_up(home, given, before, folder, progress)
    with store.transaction() as writes:
        write_views(writes, found)


def _given(store: Store, dataset: str, kept: Path) -> OnDuckDb:
    of_file = "select contract, file, sha256 from raw.town_file where dataset = ? order by file"
    files = store.rows(of_file, [dataset])
    sums = order_sums_folder(kept)
    with store.transaction() as writes:
        lists = {
            table.name: writes.connection.sql(
                f"select * from {table.name} where dataset = {literal(dataset)} order by all"
            ).to_arrow_table()
            for table in LIST_TABLES.values()
        }
    return OnDuckDb(
        dataset,
        {name: [kept / file for of, file, _ in files if of == name] for name in RECORD_VIEWS},
        sorted(sums.iterdir()) if sums.is_dir() else [],
        lists,
        _digest_but_orders(files, lists),
    )


def _digest_but_orders(files: list[tuple[str, str, str]], lists: Mapping[str, "pa.Table"]) -> str:
    """Of each row of the lists and each file of sellers, in their order."""
    digest = hashlib.sha256()
    for contract, _, sha256 in files:
        if contract in RECORD_VIEWS and contract != ORDER.name:
            digest.update(f"{contract} {sha256}\n".encode())
    for name, rows in lists.items():
        digest.update(f"{name} {rows.to_pydict()!r}\n".encode())
    return digest.hexdigest()


def _before(kept: Path, given: OnDuckDb) -> Before | None:
    """Sums of another content of the same data set, which differs in its orders alone."""
    folder, sums = duckdb_folder(kept).name, order_sums_folder(kept).name
    for other in sorted(kept.parent.iterdir()):
        said = other / folder / BUT_ORDERS
        is_whole = other != kept and said.is_file() and (other / sums).is_dir()
        if is_whole and said.read_text(encoding="utf-8") == given.but_orders:
            return Before(other / folder, tuple(sorted((other / sums).iterdir())))
    return None


def _add_up(
    home: Home,
    given: OnDuckDb,
    before: Before | None,
    folder: Path,
    progress: Callable[[str], None],
) -> None:
    """All of the sums, or none: what is new, where sums of before serve; else all records."""
    partial = folder.with_name(f".partial-{folder.name}")
    try:
        if before is None or not _add_up_changed(home, given, before, partial, progress):
            _emptied(partial)
            with checker(home, _MEMORY) as connection:
                compute_on_duckdb(connection, given, partial, progress)
    except duckdb.OutOfMemoryException as error:
        raise WarehouseError(
            f"towns/{given.dataset}: adding up its records needs more memory than may be taken: "
            f"{str(error).splitlines()[0]}\n"
            "  Nothing was published; the published warehouse is as it was.\n"
            f"  Allow more by {MEMORY_VARIABLE} (such as 4GB), and run it again."
        ) from error
    for file in partial.iterdir():
        sync_file(file)  # its name says that it is whole
    sync_folder(partial)
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    sync_folder(folder.parent)


def _add_up_changed(
    home: Home, given: OnDuckDb, before: Before, partial: Path, progress: Callable[[str], None]
) -> bool:
    """Whether sums of before served; those that cannot be read do not."""
    _emptied(partial)
    with checker(home, _MEMORY) as connection:
        try:
            return compute_changed(connection, given, before, partial, progress)
        except duckdb.Error as error:
            what = str(error).splitlines()[0]
            progress(
                f"towns/{given.dataset}: sums of before are left aside, all is added up: {what}"
            )
            return False


def _emptied(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    private_folder(folder)


def write_views(writes: "Writes", folders: Mapping[str, Path]) -> None:
    """A view `micro.kept_<result>` over the files of all data sets; without any there are none.

    folders: where the sums of each data set lie. Raises WarehouseError where a file is not there by
    this version of the SQL, or cannot be read.
    """
    for result in RESULTS:
        if not folders:
            writes.connection.execute(f"drop view if exists {kept_view(result)}")
            continue
        files = {name: folder / f"{result}.parquet" for name, folder in folders.items()}
        listed = ", ".join(literal(file) for file in files.values())
        try:
            writes.connection.execute(
                f"create or replace view {kept_view(result)} as "
                f"select * from read_parquet([{listed}], union_by_name = true)"
            )
        except duckdb.Error as error:
            raise WarehouseError(
                f"Sums of data sets ({', '.join(files)}): {result} cannot be read: "
                f"{str(error).splitlines()[0]}\n"
                "  Nothing was published; the published warehouse is as it was.\n"
                "  Expected: files made by this version of the SQL, whole. Remove "
                f"{' or '.join(str(each.parent) for each in folders.values())}, and refresh again: "
                "it adds up the records anew (on Spark, where the card says so)."
            ) from error
