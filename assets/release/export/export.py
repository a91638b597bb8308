"""One published release out of the warehouse, as a folder in the formats asked for.

Belongs here: which files there are. Not here: how a format is written (one module each), and
finding the release.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from assets.release.export.csv_text import csv_for_programs, csv_for_spreadsheets
from assets.release.export.data_package import data_package
from assets.release.export.exported_table import SOURCES, ExportedTable, exported_table
from assets.release.export.new_folder import new_folder
from assets.release.export.sdmx_csv import sdmx_files
from assets.release.export.workbook import write_workbook
from assets.warehouse.connection import in_memory
from assets.warehouse.errors import WarehouseError
from assets.warehouse.texts.spelled import literal, quoted

_CREATED = "select created_at from this_vintage.model.vintage where vintage = $vintage"


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: the tables with their number of rows."""

    tables: tuple[ExportedTable, ...]
    has_changes: bool  # whether the SDMX files say what changed since the vintage before


def export_release(
    release: Path,
    before: Path | None,
    vintage: str,
    target: Path,
    formats: Collection[str],
    replace: bool = False,
    tell: Callable[[int], None] = lambda done: None,
) -> Exported:
    """Write a release to the folder `target`, completely or not at all.

    before: the release of the vintage before, where it is kept. tell: is handed the number of
    formats that are written. The same vintage gives the same bytes. Raises WarehouseError where
    `target` is there, or the release lacks a table.
    """
    with new_folder(target, replace) as folder, in_memory() as connection:
        connection.execute(f"attach {literal(release)} as this_vintage (read_only)")
        if before is not None:
            connection.execute(f"attach {literal(before)} as vintage_before (read_only)")
        connection.execute("use this_vintage")
        try:
            tables = [exported_table(connection, source, vintage) for source in SOURCES]
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise WarehouseError(
                f"Vintage {vintage} was published by a version of yearbook that did not record all "
                f"that is exported: {str(error).splitlines()[0]}\n  Export a later vintage."
            ) from error
        ((created,),) = connection.execute(_CREATED, {"vintage": vintage}).fetchall()
        title = f"yearbook, vintage {vintage}"
        about = _about(vintage, created)
        named = None if before is None else "vintage_before"
        writers: Mapping[str, Callable[[], None]] = {
            "xlsx": lambda: write_workbook(folder / "yearbook.xlsx", title, about, created, tables),
            "csv": lambda: _write_csv(folder / "csv", tables),
            "parquet": lambda: _write_parquet(connection, folder / "parquet", tables),
            "sdmx-csv": lambda: _write_texts(
                folder / "sdmx-csv", sdmx_files(connection, "this_vintage", named)
            ),
            "datapackage": lambda: _write_data_package(
                folder / "datapackage", title, about, vintage, created, tables
            ),
        }
        for done, name in enumerate(filter(formats.__contains__, writers)):
            tell(done)
            writers[name]()
    return Exported(tuple(tables), "sdmx-csv" in formats and before is not None)


def _about(vintage: str, created: datetime) -> tuple[str, ...]:
    return (
        f"Vintage {vintage}, computed {created.isoformat(sep=' ', timespec='seconds')} UTC.",
        "Every figure names its source, edition, document (with its SHA-256) and cell.",
        "quality: published figures stand in a document, derived ones are computed from such, "
        "recovered ones were worked out from a paper's tables and printed by nobody.",
        "simulated: where true, the records of sellers are made up and say nothing about China.",
        "status: final, revised, provisional, estimated or forecast, as the document says.",
        "Units stand in the column unit, or in the meaning of the column.",
    )


def _header(table: ExportedTable) -> list[str]:
    return [column.name for column in table.columns]


def _write_texts(folder: Path, texts: dict[str, str]) -> None:
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())


def _write_csv(folder: Path, tables: Sequence[ExportedTable]) -> None:
    texts = {f"{each.name}.csv": csv_for_spreadsheets(_header(each), each.rows) for each in tables}
    _write_texts(folder, texts)


def _write_parquet(
    connection: duckdb.DuckDBPyConnection, folder: Path, tables: Sequence[ExportedTable]
) -> None:
    """Each temp table as a file; the meaning of each column is in the file's metadata."""
    folder.mkdir()
    for table in tables:
        meanings = ", ".join(
            f"{quoted(column.name)}: {literal(column.meaning)}" for column in table.columns
        )
        connection.execute(
            f"copy temp.main.{quoted(table.name)} to {literal(folder / f'{table.name}.parquet')} "
            f"(format parquet, compression zstd, kv_metadata {{{meanings}}})"
        )


def _write_data_package(
    folder: Path,
    title: str,
    about: Sequence[str],
    vintage: str,
    created: datetime,
    tables: Sequence[ExportedTable],
) -> None:
    descriptor = data_package(title, about, vintage, created, tables)
    texts = {f"{each.name}.csv": csv_for_programs(_header(each), each.rows) for each in tables}
    texts["datapackage.json"] = json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
    _write_texts(folder, texts)
