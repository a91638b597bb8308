"""A sheet of cells as text, from a CSV or an XLSX file that nobody has to trust.

Belongs here: opening the file safely and naming each cell. Not here: what any cell means.

Checked before anything is parsed: that the file is what its name says, the size of what a workbook
unpacks to, its encoding. Refused with the cell named: formulas (their stored result may be stale),
error values. Dates, booleans and percentage-formatted numbers are kept with a `problem`, which
stops whoever takes such a cell for a number. Hidden rows and columns stop the document unless the
card says `hidden: read`; a hidden sheet is read when the card names it. Superscript text inside a
cell becomes a footnote mark in brackets, so that 2647.43 with note 1 is never read as 2647.431.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.extracts.errors import DocumentError

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_MAX_UNPACKED = 100_000_000
_MAX_RATIO = 200
_MAX_ENTRIES = 2_000
_MAX_CELLS = 2_000_000
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError
)  # fmt: skip
_FETCH = "Fetch the document again, or save it as the kind of file its name says."


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: place (1-based), text as stored, and why it may not be taken for a number."""

    row: int
    column: int
    text: str
    problem: str | None = None

    @property
    def ref(self) -> str:
        """A1 reference; in a CSV file the number is the line."""
        return f"{column_letters(self.column)}{self.row}"

    @property
    def blank(self) -> bool:
        """Whether nothing but spaces stands in the cell."""
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class Grid:
    """All cells of one sheet, row by row.

    widths: fields per row in a CSV file (None for a workbook); merged: every cell that a merged
    block covers, with the block's top-left cell, both as (row, column).
    """

    file: str
    sheet: str | None
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...] | None
    merged: Mapping[tuple[int, int], tuple[int, int]]

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell at a place (1-based); outside the sheet it is blank."""
        if 1 <= row <= len(self.rows) and 1 <= column <= len(self.rows[row - 1]):
            return self.rows[row - 1][column - 1]
        return Cell(row, column, "")

    def header_cell(self, row: int, column: int) -> Cell:
        """Return the cell that shows at a place: in a merged block, its top-left cell."""
        return self.cell(*self.merged.get((row, column), (row, column)))

    @property
    def width(self) -> int:
        """Number of columns."""
        return max((len(row) for row in self.rows), default=0)

    def error(self, cell: Cell | None, *, found: str, expected: str, advice: str) -> DocumentError:
        """Build the error that names this file, this sheet and the cell."""
        return DocumentError(
            self.file,
            sheet=self.sheet,
            cell=None if cell is None else cell.ref,
            found=found,
            expected=expected,
            advice=advice,
        )


def column_letters(column: int) -> str:
    """Spell a 1-based column number the spreadsheet way: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def load_csv(path: Path, name: str, encoding: str | None) -> Grid:
    """Read a CSV file strictly; `name` is what messages call it. Raises DocumentError."""
    data = path.read_bytes()
    for magic, what in ((_ZIP, "a workbook or zip archive"), (_OLE, "an old Excel file")):
        if data.startswith(magic):
            raise _file_error(name, f"it is named .csv but is {what}", "comma-separated text")
    text = _decode(data, name, encoding)
    records = _records(text, name)
    rows = tuple(
        tuple(Cell(line, column, field) for column, field in enumerate(fields, start=1))
        for line, fields in records
    )
    return Grid(name, None, rows, tuple(len(fields) for _, fields in records), {})


def _decode(data: bytes, name: str, encoding: str | None) -> str:
    if b"\x00" in data:
        place = _line_of(data, data.index(b"\x00"))
        raise _file_error(name, f"there is a NUL byte in {place}", "text without NUL bytes")
    if encoding == "gb18030" and not data.isascii() and _is_utf8(data):
        # Chinese text in GB 18030 is practically never valid UTF-8, but the reverse decodes into
        # other Chinese characters.
        raise _file_error(
            name,
            "its bytes are UTF-8, but the card says encoding gb18030",
            "text in the encoding the card states",
            "Correct encoding in the card.",
        )
    failures = []
    for candidate in ("utf-8", "gb18030") if encoding is None else (encoding,):
        try:
            return data.decode(candidate).removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            failures.append(f"not {candidate} at {_line_of(data, error.start)}")
    raise _file_error(
        name,
        "its bytes are " + ", ".join(failures),
        "text in the encoding the card states (utf-8, utf-8-sig or gb18030)",
        "Correct encoding in the card, or fetch the document again.",
    )


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _line_of(data: bytes, offset: int) -> str:
    line = data.count(b"\n", 0, offset) + 1
    column = data.count(b",", data.rfind(b"\n", 0, offset) + 1, offset) + 1
    return f"byte {offset}, cell {column_letters(column)}{line}"


def _records(text: str, name: str) -> list[tuple[int, list[str]]]:
    """Split into one record per line, so that a cell's number is its line in the file."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    try:
        for fields in reader:
            while len(records) < reader.line_num - 1:
                records.append((len(records) + 1, []))  # the lines a quoted line break spans
            records.append((reader.line_num, fields))
    except csv.Error as error:
        raise _file_error(
            name, f"line {reader.line_num} is no CSV ({error})", "comma-separated text"
        ) from error
    return records


def load_xlsx(path: Path, name: str, sheet: str | None, hidden: str | None = None) -> Grid:
    """Read one sheet of a workbook; `sheet` may be None where there is only one.

    Raises DocumentError, also for archives that unpack to far more than they should.
    """
    _check_archive(path, name)
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, data_only=False, rich_text=True)
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise _file_error(
            name, f"the workbook is damaged ({type(error).__name__}: {error})", "a whole .xlsx file"
        ) from error
    try:
        page = _sheet(book, name, sheet)
        grid = _grid(page, name)
        if hidden is None:
            _refuse_hidden(page, grid)
        return grid
    finally:
        book.close()


def _check_archive(path: Path, name: str) -> None:
    with path.open("rb") as handle:
        start = handle.read(4)
    if start == _OLE:
        found = "it is an old Excel file or protected by a password"
        raise _file_error(name, found, "an .xlsx workbook without a password")
    if start != _ZIP:
        raise _file_error(name, "it is named .xlsx but is no workbook", "an .xlsx workbook")
    try:
        with zipfile.ZipFile(path) as archive:
            _check_entries(archive, name)
    except _DAMAGED as error:
        found = f"the workbook is cut off or damaged ({error})"
        raise _file_error(name, found, "a whole .xlsx file") from error


def _check_entries(archive: zipfile.ZipFile, name: str) -> None:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if (
        len(entries) > _MAX_ENTRIES
        or unpacked > _MAX_UNPACKED
        or (unpacked > 5_000_000 and unpacked / packed > _MAX_RATIO)
    ):
        raise _file_error(
            name,
            f"the workbook unpacks to {unpacked:,} bytes in {len(entries)} parts "
            f"from {packed:,} bytes",
            f"at most {_MAX_UNPACKED:,} bytes in {_MAX_ENTRIES} parts, {_MAX_RATIO} times its size",
            "Do not open it by hand either: it may be made to fill the memory. Fetch it again.",
        )
    for entry in entries:
        with archive.open(entry) as part:
            if entry.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in part.read(4096):
                found = f"part {entry.filename} declares XML entities"
                raise _file_error(name, found, "a workbook as Excel writes it")


def _sheet(book: Any, name: str, sheet: str | None) -> "Worksheet":
    names = [page.title for page in book.worksheets]
    if sheet is None and len(names) == 1:
        only: Worksheet = book.worksheets[0]
        return only
    if sheet not in names:
        raise _file_error(
            name,
            "the card names no sheet" if sheet is None else f"there is no sheet '{sheet}'",
            "one of the sheets " + ", ".join(f"'{title}'" for title in names),
            "Correct sheet in the card.",
        )
    found: Worksheet = book[sheet]
    return found


def _grid(page: "Worksheet", name: str) -> Grid:
    if page.max_row * page.max_column > _MAX_CELLS:
        raise DocumentError(
            name,
            sheet=page.title,
            cell=f"{column_letters(page.max_column)}{page.max_row}",
            found=f"the sheet reaches to this cell, {page.max_row * page.max_column:,} cells",
            expected=f"at most {_MAX_CELLS:,} cells",
            advice="Remove what stands far outside the table.",
        )
    rows = tuple(tuple(_cell(item, name, page.title) for item in row) for row in page.iter_rows())
    merged = {
        (row, column): (block.min_row, block.min_col)
        for block in page.merged_cells.ranges
        for row in range(block.min_row, block.max_row + 1)
        for column in range(block.min_col, block.max_col + 1)
    }
    return Grid(name, page.title, rows, None, merged)


def _cell(item: Any, name: str, sheet: str) -> Cell:
    text, problem = _text(item.value, str(item.number_format))
    if item.data_type in ("f", "e"):
        what = "a formula" if item.data_type == "f" else "an error value"
        raise DocumentError(
            name,
            sheet=sheet,
            cell=f"{column_letters(item.column)}{item.row}",
            found=f"'{text}' is {what}",
            expected="a number or text as published",
            advice="Save the document with values only, with the figure the publisher printed.",
        )
    return Cell(item.row, item.column, text, problem)


def _text(value: Any, number_format: str) -> tuple[str, str | None]:
    """Text of a stored value, and why it cannot stand for a number (None where it can)."""
    if value is None:
        return "", None
    if isinstance(value, bool):
        return str(value).upper(), "is a truth value"
    if isinstance(value, datetime | date | time | timedelta):
        return str(value), "is a date"
    if isinstance(value, int | float):
        return _number_text(value), _scaling(number_format)
    if isinstance(value, str):
        return value, None
    return "".join(_rich(value)), None


def _number_text(value: float) -> str:
    """Shortest decimal that is this number, never in scientific notation."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def _scaling(number_format: str) -> str | None:
    shown = number_format.split(";")[0]
    if "%" in shown:
        return "is formatted as a percentage, so it prints 100 times what it stores"
    if shown.rstrip('"\\_) ').endswith(","):
        return "is formatted in thousands, so it prints a fraction of what it stores"
    return None


def _rich(value: Any) -> Iterator[str]:
    """Parts of a rich text, superscripts as footnote marks; a formula object as its text."""
    if not isinstance(value, list):
        yield str(getattr(value, "text", value))
        return
    for part in value:
        if isinstance(part, str):
            yield part
        elif part.font is not None and part.font.vertAlign == "superscript":
            yield f"({part.text.strip().strip('()（）')})"
        else:
            yield part.text


def _refuse_hidden(page: "Worksheet", grid: Grid) -> None:
    from openpyxl.utils import column_index_from_string

    rows = {index for index, shape in page.row_dimensions.items() if shape.hidden}
    columns: set[int] = set()
    for letters, shape in page.column_dimensions.items():
        if shape.hidden:
            first = shape.min or column_index_from_string(letters)
            columns.update(range(first, min(shape.max or first, grid.width) + 1))
    for row in grid.rows:
        for cell in row:
            if not cell.blank and (cell.row in rows or cell.column in columns):
                raise grid.error(
                    cell,
                    found=f"'{cell.text}' stands in a hidden row or column",
                    expected="figures the publisher shows",
                    advice="Look at the document; if they are meant, put 'hidden: read' into the "
                    "table's card.",
                )


def _file_error(name: str, found: str, expected: str, advice: str = _FETCH) -> DocumentError:
    return DocumentError(name, found=found, expected=expected, advice=advice)
