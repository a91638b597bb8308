"""The one way to open a document, whatever kind of file it is.

Belongs here: which reader a file asks for, what pins a table in it, and the list of its tables. Not
here: how any kind of file is read.

A file's name says its kind, except .xls: web sites and programs call by it whatever Excel opens, so
there the first bytes decide.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

from assets.extracts.cards.card import TableCard, misplaced_pins
from assets.extracts.errors import DocumentError, refusing
from assets.extracts.files.file_checks import OLE, PAGE, PDF, ZIP, check_texts, kind_of, read_start
from assets.extracts.files.grid import Cell, Grid, Origin
from assets.extracts.files.pdf.pdf_file import load_pdf, pdf_tables
from assets.extracts.files.shown_number import typed_unit
from assets.extracts.files.text_file import load_text
from assets.extracts.files.web.html_file import html_tables, load_html
from assets.extracts.files.web.sdmx_file import load_sdmx, sdmx_data_sets
from assets.extracts.files.web.site_file import load_site
from assets.extracts.files.workbooks.ods_file import load_ods, ods_sheets
from assets.extracts.files.workbooks.password import without_password
from assets.extracts.files.workbooks.xls_file import load_xls, xls_sheets
from assets.extracts.files.workbooks.xlsx_file import load_xlsx, xlsx_sheets

_WORKBOOKS: Mapping[str, tuple[Callable[..., Grid], Callable[[Path, str], list[str]]]] = {
    ".xlsx": (load_xlsx, xlsx_sheets),
    ".xls": (load_xls, xls_sheets),
    ".ods": (load_ods, ods_sheets),
}
# What web pages leave behind. Not the signs that turn the direction of what follows: they show
# other digits than they hold, so that they stay, and no number is made of them.
_WITHOUT_WIDTH = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_NUMBER = re.compile(r"\W*\d[\d.,\s]*\W*")
_MOST_SHEETS = 30  # among which notes are looked for
_MOST_NOTES = 60  # cells of a sheet of notes
_TEXTS = (".csv", ".tsv", ".txt")
_PAGES = (".html", ".htm")
SUFFIXES = (*_TEXTS, *_WORKBOOKS, *_PAGES, ".pdf", ".xml", ".json")


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


def suffix_of(path: Path) -> str:
    """The suffix of the kind a file really is."""
    if path.suffix != ".xls":
        return path.suffix
    start = read_start(path)
    if start.startswith((OLE, PDF)):
        return path.suffix
    if start.startswith(ZIP):
        return ".xlsx"
    return ".html" if kind_of(start) == PAGE else ".csv"


def load_grid(path: Path, name: str, table: TableCard, password: str | None = None) -> Grid:
    """Read the table that a card pins. Raises DocumentError naming file and place.

    password: where that of the workbook lies, as the card says it.
    """
    with refusing(name), without_password(path, name, password) as readable:
        grid = _load_grid(readable, name, table)
        check_texts(grid)
        return _as_seen(grid)


def _as_seen(grid: Grid) -> Grid:
    """The grid without signs that nobody sees, and with a unit behind a number known as one."""

    def known(cell: Cell) -> Cell:
        text = _WITHOUT_WIDTH.sub("", cell.text)
        unit = cell.unit or typed_unit(text)
        if text == cell.text and unit == cell.unit:
            return cell
        return replace(cell, text=text, unit=unit)

    return replace(grid, rows=tuple(tuple(map(known, row)) for row in grid.rows))


def _load_grid(path: Path, name: str, table: TableCard) -> Grid:
    suffix = suffix_of(path)
    unread = [key for key in misplaced_pins(table, suffix) if key != "hidden"]
    if unread:
        raise DocumentError(
            name,
            found=f"it is named {path.suffix}, but is what is called {suffix} otherwise",
            expected=f"a card without {', '.join(unread)}, which means nothing there",
            advice=f"Remove {', '.join(unread)} from the table's card.",
        )
    if suffix in _WORKBOOKS:
        grid = _WORKBOOKS[suffix][0](path, name, table.sheet, table.hidden)
        state = path.stat()
        notes = _sheets_of_notes(path, name, suffix, state.st_mtime_ns, state.st_size)
        return replace(grid, elsewhere=tuple(c for c in notes if grid.part(c) != grid.sheet))
    if suffix in _PAGES:
        return load_html(path, name, table.table, table.encoding, table.hidden)
    if suffix in _TEXTS:
        return load_text(path, name, table.encoding, table.delimiter, table.decimal)
    if suffix == ".pdf" and table.page is not None:
        return load_pdf(path, name, table.page, table.table)
    if suffix == ".xml":
        return load_sdmx(path, name, table.table)
    if suffix == ".json":
        return load_site(path, name)
    raise _unknown(path, name)


@lru_cache(maxsize=4)  # every table of a workbook asks for them
def _sheets_of_notes(
    path: Path, name: str, suffix: str, mtime_ns: int, size: int
) -> tuple[Cell, ...]:
    """Cells of the sheets that hold texts alone and few of them, each with its place."""
    load, names = _WORKBOOKS[suffix]
    sheets = names(path, name)
    found: list[Cell] = []
    for sheet in sheets if 1 < len(sheets) <= _MOST_SHEETS else ():
        try:
            rows = load(path, name, sheet).rows
        except DocumentError:
            continue  # hidden or in doubt: told where a card reads it
        cells = [cell for row in rows for cell in row if not cell.blank]
        if len(cells) <= _MOST_NOTES and not any(_NUMBER.fullmatch(cell.text) for cell in cells):
            found += [replace(cell, origin=Origin(sheet, cell.ref)) for cell in cells]
    return tuple(found)


def open_container(path: Path, name: str, encoding: str | None = None) -> Container:
    """List the sheets or tables of a file, each of which can then be read.

    name: what messages call the file; encoding: of a text or web page that does not say it.
    Raises DocumentError where the file is no such file, is damaged or protected by a password.
    """
    with refusing(name):
        return _open_container(path, name, encoding)


def _open_container(path: Path, name: str, encoding: str | None) -> Container:
    suffix = suffix_of(path)
    if suffix in _WORKBOOKS:
        load, names = _WORKBOOKS[suffix]
        sheets = [
            ContainerTable({"sheet": sheet}, partial(load, path, name, sheet))
            for sheet in names(path, name)
        ]
        return Container(name, tuple(sheets))
    if suffix in _PAGES:
        tables = [
            ContainerTable({"table": number}, partial(load_html, path, name, number, encoding))
            for number in html_tables(path, name, encoding)
        ]
        return Container(name, tuple(tables))
    if suffix in _TEXTS:
        only = ContainerTable({}, partial(load_text, path, name, encoding, None))
        return Container(name, (only,))
    if suffix == ".pdf":
        printed = [
            ContainerTable(
                {"page": page, "table": number}, partial(load_pdf, path, name, page, number)
            )
            for page, number in pdf_tables(path, name)
        ]
        return Container(name, tuple(printed))
    if suffix == ".xml":
        data_sets = [
            ContainerTable({"table": number}, partial(load_sdmx, path, name, number))
            for number in sdmx_data_sets(path, name)
        ]
        return Container(name, tuple(data_sets))
    if suffix == ".json":
        return Container(name, (ContainerTable({}, partial(load_site, path, name)),))
    raise _unknown(path, name)


def _unknown(path: Path, name: str) -> DocumentError:
    return DocumentError(
        name,
        found=f"a file named '{path.suffix}' cannot be read",
        expected="a file named " + ", ".join(SUFFIXES),
        advice="Save it as one of these.",
    )
