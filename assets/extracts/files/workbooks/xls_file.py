"""One sheet of an old Excel workbook (.xls, Excel 97 to 2003) as a grid.

Belongs here: what xlrd tells of a sheet, and the formulas it does not tell of. Not here: what any
cell means.
"""

import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assets.extracts.errors import DocumentError
from assets.extracts.files.file_checks import (
    OLE,
    check_size,
    choose_sheet,
    file_error,
    formula_error,
    kind_of,
    merged_cells,
    number_text,
    read_start,
    refuse_hidden,
    scaling,
)
from assets.extracts.files.grid import (
    STRUCK_OUT,
    UNSEEN,
    Block,
    Cell,
    Grid,
    as_mark,
    column_letters,
)
from assets.extracts.files.shown_number import ShownNumber, shown_in

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Sheet

_BIFF8 = 80
_WHITE = (255, 255, 255)
_FORMULA, _BEGIN, _END = 0x0006, 0x0809, 0x000A
_CELLS_IN_A_ROW = (0x00BD, 0x00BE)  # several numbers, several blank cells
_CELLS = (_FORMULA, *_CELLS_IN_A_ROW, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E)


def load_xls(path: Path, name: str, sheet: str | None, hidden: str | None = None) -> Grid:
    """Read one sheet; `sheet` may be None where there is only one. Raises DocumentError."""
    book = _open(path, name)
    title = choose_sheet(book.sheet_names(), sheet, name)
    try:
        number = book.sheet_names().index(title)
        formulas = frozenset(_formulas(book, number))
        check_size(name, title, *_extent(book, number))
        page = book.sheet_by_name(title)
    except (DocumentError, MemoryError):
        raise
    except Exception as error:  # xlrd raises whatever its parsers raise
        raise _damaged(name, error) from error
    check_size(name, title, page.nrows, page.ncols)  # as xlrd understood it
    grid = _grid(book, page, name, formulas)
    if hidden is None:
        rows = frozenset(
            row + 1 for row, r in page.rowinfo_map.items() if r.hidden or r.height == 0
        )
        columns = frozenset(
            column + 1 for column, c in page.colinfo_map.items() if c.hidden or c.width == 0
        )
        if page.visibility:
            rows = frozenset(range(1, len(grid.rows) + 1))
        refuse_hidden(grid, rows, columns)
    return grid


def xls_sheets(path: Path, name: str) -> list[str]:
    """Names of the sheets of a workbook. Raises DocumentError."""
    return list(_open(path, name).sheet_names())


def _open(path: Path, name: str) -> "Book":
    import xlrd

    start = read_start(path)
    if not start.startswith(OLE):
        found = f"it is named .xls but is {kind_of(start)}"
        advice = "Rename it (.xlsx, .html) if that is what it is, or fetch the document again."
        raise file_error(name, found, "an old Excel workbook", advice)
    try:
        book = xlrd.open_workbook(path, formatting_info=True, on_demand=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            found = "the workbook is protected by a password"
            raise file_error(name, found, "an .xls workbook without a password") from error
        raise _damaged(name, error) from error
    except Exception as error:  # xlrd raises whatever its parsers raise
        raise _damaged(name, error) from error
    if book.biff_version != _BIFF8:
        found = f"it was written by an Excel before 97 (BIFF {book.biff_version / 10:g})"
        advice = "Open it and save it as .xlsx; what was merged there is not told in this format."
        raise file_error(name, found, "a workbook of Excel 97 to 2003", advice)
    return book


def _damaged(name: str, error: Exception) -> DocumentError:
    found = f"the workbook is damaged ({type(error).__name__}: {error})"
    return file_error(name, found, "a whole .xls file")


def _grid(book: "Book", page: "Sheet", name: str, formulas: frozenset[tuple[int, int]]) -> Grid:
    rows = tuple(
        tuple(_cell(book, page, row, column, name, formulas) for column in range(page.ncols))
        for row in range(page.nrows)
    )
    blocks = [
        Block(top=top + 1, left=left + 1, bottom=bottom, right=right)
        for top, bottom, left, right in page.merged_cells  # as xlrd orders them, its ends left out
    ]
    return Grid(name, page.name, rows, None, merged_cells(name, page.name, blocks))


def _cell(
    book: "Book",
    page: "Sheet",
    row: int,
    column: int,
    name: str,
    formulas: frozenset[tuple[int, int]],
) -> Cell:
    shown, problem = _shown(book, page, row, column)
    is_error = problem == "is an error value"
    if is_error or (row, column) in formulas:
        place = f"{column_letters(column + 1)}{row + 1}"
        what = "an error value" if is_error else "the result of a formula"
        raise formula_error(name, page.name, place, shown.text, what)
    note = page.cell_note_map.get((row, column))
    return Cell(
        row + 1,
        column + 1,
        shown.text,
        problem or (_obscured(book, page, row, column) if shown.text.strip() else None),
        stored=shown.stored,
        unit=shown.unit,
        comment=note.text if note else None,
    )


def _obscured(book: "Book", page: "Sheet", row: int, column: int) -> str | None:
    """Why what stands in a cell is not shown as a figure is; None where it is."""
    style = book.xf_list[page.cell(row, column).xf_index]
    font = book.font_list[style.font_index]
    if font.struck_out:
        return STRUCK_OUT
    ground = style.background
    on_white = not ground.fill_pattern or book.colour_map.get(ground.pattern_colour_index) == _WHITE
    return UNSEEN if on_white and book.colour_map.get(font.colour_index) == _WHITE else None


def _shown(book: "Book", page: "Sheet", row: int, column: int) -> tuple[ShownNumber, str | None]:
    """What is shown of a value, and why it cannot stand for a number (None where it can)."""
    import xlrd

    cell = page.cell(row, column)
    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return ShownNumber(_rich(book, page, row, column)), None
        case xlrd.XL_CELL_NUMBER:
            style = book.format_map.get(book.xf_list[cell.xf_index].format_key)
            number_format = "" if style is None else style.format_str
            return shown_in(cell.value, number_format), scaling(number_format)
        case xlrd.XL_CELL_DATE:
            return ShownNumber(_date(cell.value, book.datemode)), "is a date"
        case xlrd.XL_CELL_BOOLEAN:
            return ShownNumber(str(bool(cell.value)).upper()), "is a truth value"
        case xlrd.XL_CELL_ERROR:
            text = xlrd.error_text_from_code.get(cell.value, "#?")
            return ShownNumber(text), "is an error value"
    return ShownNumber(""), None


def _date(value: float, datemode: int) -> str:
    from xlrd.xldate import XLDateError, xldate_as_datetime

    try:
        return str(xldate_as_datetime(value, datemode))
    except (XLDateError, OverflowError):
        return number_text(value)


def _rich(book: "Book", page: "Sheet", row: int, column: int) -> str:
    """Text of a cell, superscripts as footnote marks in brackets."""
    text = str(page.cell_value(row, column))
    runs = page.rich_text_runlist_map.get((row, column), [])
    if not runs:
        return text
    starts = [start for start, _ in runs]
    parts = [text[: starts[0]]]
    for (start, font), end in zip(runs, [*starts[1:], len(text)], strict=True):
        part = text[start:end]
        place = book.font_list[font].escapement  # 1: raised, 2: lowered
        is_mark = place == 1 or (place == 2 and "".join(parts)[-1:].isdigit())
        parts.append(as_mark(part) if is_mark else part)
    return "".join(parts)


def _formulas(book: "Book", number: int) -> Iterator[tuple[int, int]]:
    """Places (0-based) of a sheet's formulas, from its records: xlrd gives their results only."""
    for code, position, _ in _records(book, number):
        if code == _FORMULA:
            yield struct.unpack_from("<HH", book.mem, position)


def _extent(book: "Book", number: int) -> tuple[int, int]:
    """Rows and columns to which a sheet's cells reach: xlrd fills all of them, empty or not."""
    rows = columns = 0
    for code, position, length in _records(book, number):
        if code in _CELLS and length >= 4:
            row, column = struct.unpack_from("<HH", book.mem, position)
            if code in _CELLS_IN_A_ROW:
                (column,) = struct.unpack_from("<H", book.mem, position + length - 2)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
    return rows, columns


def _records(book: "Book", number: int) -> Iterator[tuple[int, int, int]]:
    """The records of a sheet itself, not of a chart in it: code, where its data begin, length."""
    position, depth = book._sh_abs_posn[number], 0
    while position + 4 <= len(book.mem):
        code, length = struct.unpack_from("<HH", book.mem, position)
        depth += (code == _BEGIN) - (code == _END)
        if depth == 1:
            yield code, position + 4, length
        if depth == 0:
            return
        position += 4 + length
