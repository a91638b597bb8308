"""One sheet of an XLSX workbook as a grid.

Belongs here: what openpyxl tells of a sheet. Not here: what any cell means.

Superscript text inside a cell becomes a footnote mark in brackets, so that 2647.43 with note 1 is
never read as 2647.431.
"""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.extracts.errors import DocumentError
from assets.extracts.files.file_checks import (
    OLE,
    ZIP,
    check_archive,
    check_size,
    choose_sheet,
    file_error,
    formula_error,
    kind_of,
    merged_cells,
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

_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']"
    rb"(?P<left>[A-Z]{1,3})(?P<top>[0-9]{1,7}):(?P<right>[A-Z]{1,3})(?P<bottom>[0-9]{1,7})"
)

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet


def load_xlsx(path: Path, name: str, sheet: str | None, hidden: str | None = None) -> Grid:
    """Read one sheet of a workbook; `sheet` may be None where there is only one.

    Raises DocumentError, also for archives that unpack to far more than they should.
    """
    book = _open(path, name)
    page = book[choose_sheet(_names(book), sheet, name)]
    grid = _grid(page, name)
    if hidden is None:
        refuse_hidden(grid, *_hidden(page, grid))
    return grid


def xlsx_sheets(path: Path, name: str) -> list[str]:
    """Names of the sheets of a workbook. Raises DocumentError."""
    return _names(_open(path, name))


@lru_cache(maxsize=1)
def _parsed(path: Path, name: str, mtime_ns: int, size: int) -> "Workbook":
    """Parse a workbook once for all its sheets; a file that was replaced is parsed again."""
    from openpyxl import load_workbook

    check_archive(path, name)
    _check_sheets(path, name)
    with path.open("rb") as file:  # given a name, openpyxl judges by it
        return load_workbook(file, data_only=False, rich_text=True)


def _open(path: Path, name: str) -> "Workbook":
    start = read_start(path)
    if start.startswith(OLE):
        found = "it is an old Excel file or protected by a password"
        raise file_error(name, found, "an .xlsx workbook without a password")
    if not start.startswith(ZIP):
        found = f"it is named .xlsx but is no workbook, it is {kind_of(start)}"
        raise file_error(name, found, "an .xlsx workbook")
    try:
        return _parsed(path, name, path.stat().st_mtime_ns, path.stat().st_size)
    except (DocumentError, MemoryError):
        raise
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise file_error(
            name, f"the workbook is damaged ({type(error).__name__}: {error})", "a whole .xlsx file"
        ) from error


def _check_sheets(path: Path, name: str) -> None:
    """Refuse more cells than any table has, before openpyxl makes an object of each.

    Raises DocumentError.
    """
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            content = archive.read(entry)  # a sheet may be any part
            merged_cells(name, entry.filename, [_block(each) for each in _MERGED.finditer(content)])
            check_size(name, entry.filename, sum(1 for _ in _CELL.finditer(content)), 1)


def _block(found: re.Match[bytes]) -> Block:
    ends = {key: text.decode() for key, text in found.groupdict().items()}
    rows = {key: int(ends[key]) for key in ("top", "bottom")}
    return Block(**rows, **{key: _column(ends[key]) for key in ("left", "right")})


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _names(book: "Workbook") -> list[str]:
    return [page.title for page in book.worksheets]


def _grid(page: "Worksheet", name: str) -> Grid:
    check_size(name, page.title, page.max_row, page.max_column)
    rows = tuple(tuple(_cell(item, name, page.title) for item in row) for row in page.iter_rows())
    blocks = [Block(b.min_row, b.min_col, b.max_row, b.max_col) for b in page.merged_cells.ranges]
    return Grid(name, page.title, rows, None, merged_cells(name, page.title, blocks))


def _cell(item: Any, name: str, sheet: str) -> Cell:
    shown, problem = _shown(item.value, str(item.number_format))
    if item.data_type in ("f", "e"):
        what = "a formula" if item.data_type == "f" else "an error value"
        place = f"{column_letters(item.column)}{item.row}"
        raise formula_error(name, sheet, place, shown.text, what)
    return Cell(
        item.row,
        item.column,
        shown.text,
        problem or (_obscured(item) if shown.text.strip() else None),
        stored=shown.stored,
        unit=shown.unit,
        comment=item.comment.text if item.comment else None,
    )


def _obscured(item: Any) -> str | None:
    """Why what stands in a cell is not shown as a figure is; None where it is."""
    if not item.has_style:
        return None
    if item.font.strike:
        return STRUCK_OUT
    on_white = not item.fill.fill_type or _is_white(item.fill.fgColor)
    return UNSEEN if on_white and _is_white(item.font.color) else None


def _is_white(colour: Any) -> bool:
    """Whether a colour is white: said, or the first of the theme, as it is without a tint."""
    if colour is None:
        return False
    if colour.type == "theme":
        return bool(colour.theme == 0 and colour.tint == 0)
    return bool(colour.type == "rgb" and str(colour.rgb)[-6:].upper() == "FFFFFF")


def _shown(value: Any, number_format: str) -> tuple[ShownNumber, str | None]:
    """What is shown of a value, and why it cannot stand for a number (None where it can)."""
    if value is None:
        return ShownNumber(""), None
    if isinstance(value, bool):
        return ShownNumber(str(value).upper()), "is a truth value"
    if isinstance(value, datetime | date | time | timedelta):
        return ShownNumber(str(value)), "is a date"
    if isinstance(value, int | float):
        return shown_in(value, number_format), scaling(number_format)
    if isinstance(value, str):
        return ShownNumber(value), None
    return ShownNumber("".join(_rich(value))), None


def _rich(value: Any) -> Iterator[str]:
    """Parts of a rich text, raised ones, and digits lowered behind others, as footnote marks; a
    formula object as its text.
    """
    if not isinstance(value, list):
        yield str(getattr(value, "text", value))
        return
    before = ""
    for part in value:
        text = part if isinstance(part, str) else part.text
        place = None if isinstance(part, str) or part.font is None else part.font.vertAlign
        is_mark = place == "superscript" or (place == "subscript" and before[-1:].isdigit())
        yield as_mark(text) if is_mark else text
        before = text


def _hidden(page: "Worksheet", grid: Grid) -> tuple[frozenset[int], frozenset[int]]:
    """Hidden rows and columns, by number; of a hidden sheet all."""
    from openpyxl.utils import column_index_from_string

    if page.sheet_state != "visible":
        return frozenset(range(1, len(grid.rows) + 1)), frozenset()
    rows = frozenset(
        index for index, shape in page.row_dimensions.items() if shape.hidden or shape.height == 0
    )
    columns: set[int] = set()
    for letters, shape in page.column_dimensions.items():
        if shape.hidden or shape.width == 0:
            first = shape.min or column_index_from_string(letters)
            columns.update(range(first, min(shape.max or first, grid.width) + 1))
    return rows, frozenset(columns)
