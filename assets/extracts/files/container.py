"""The one way to open a document, whatever kind of file it is.

Belongs here: which reader a file's name asks for, what pins a table in it, and the list of its
tables. Not here: how any kind of file is read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assets.extracts.card import TableCard
from assets.extracts.errors import DocumentError
from assets.extracts.files.csv_file import load_csv
from assets.extracts.files.grid import Grid
from assets.extracts.files.html_file import html_tables, load_html
from assets.extracts.files.ods_file import load_ods, ods_sheets
from assets.extracts.files.pdf_file import load_pdf, pdf_tables
from assets.extracts.files.xls_file import load_xls, xls_sheets
from assets.extracts.files.xlsx_file import load_xlsx, xlsx_sheets

_WORKBOOKS: Mapping[str, tuple[Callable[..., Grid], Callable[[Path, str], list[str]]]] = {
    ".xlsx": (load_xlsx, xlsx_sheets),
    ".xls": (load_xls, xls_sheets),
    ".ods": (load_ods, ods_sheets),
}
SUFFIXES = (".csv", *_WORKBOOKS, ".html", ".htm", ".pdf")


@dataclass(frozen=True, slots=True)
class ContainerTable:
    """One sheet or table of a file.

    keys: what a card says to pin it, such as {"sheet": "9-1"} or {"page": 12, "table": 1};
    load: reads it, raising DocumentError where this table (not another one) is in doubt.
    """

    keys: Mapping[str, str | int]
    load: Callable[[], Grid]


@dataclass(frozen=True, slots=True)
class Container:
    """A file and its tables in order. file: what messages call it."""

    file: str
    tables: tuple[ContainerTable, ...]


def load_grid(path: Path, name: str, table: TableCard) -> Grid:
    """Read the table that a card pins. Raises DocumentError naming file and place."""
    suffix = path.suffix
    if suffix in _WORKBOOKS:
        return _WORKBOOKS[suffix][0](path, name, table.sheet, table.hidden)
    if suffix in (".html", ".htm"):
        return load_html(path, name, table.table, table.encoding, table.hidden)
    if suffix == ".csv":
        return load_csv(path, name, table.encoding)
    if suffix == ".pdf" and table.page is not None:
        return load_pdf(path, name, table.page, table.table)
    raise _unknown(path, name)


def open_container(path: Path, name: str, encoding: str | None = None) -> Container:
    """List the sheets or tables of a file, each of which can then be read.

    name: what messages call the file; encoding: of a CSV file or web page that does not say it.
    Raises DocumentError where the file is no such file, is damaged or protected by a password.
    """
    suffix = path.suffix
    if suffix in _WORKBOOKS:
        load, names = _WORKBOOKS[suffix]
        sheets = [
            ContainerTable({"sheet": sheet}, partial(load, path, name, sheet))
            for sheet in names(path, name)
        ]
        return Container(name, tuple(sheets))
    if suffix in (".html", ".htm"):
        tables = [
            ContainerTable({"table": number}, partial(load_html, path, name, number, encoding))
            for number in html_tables(path, name, encoding)
        ]
        return Container(name, tuple(tables))
    if suffix == ".csv":
        only = ContainerTable({}, partial(load_csv, path, name, encoding))
        return Container(name, (only,))
    if suffix == ".pdf":
        printed = [
            ContainerTable(
                {"page": page, "table": number}, partial(load_pdf, path, name, page, number)
            )
            for page, number in pdf_tables(path, name)
        ]
        return Container(name, tuple(printed))
    raise _unknown(path, name)


def _unknown(path: Path, name: str) -> DocumentError:
    return DocumentError(
        name,
        found=f"a file named '{path.suffix}' cannot be read",
        expected="a file named " + ", ".join(SUFFIXES),
        advice="Save it as one of these.",
    )
