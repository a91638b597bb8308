"""What every container is checked for before and while it is opened, and what they share.

Belongs here: kinds of files by their first bytes, limits on archives, the choice of a sheet, and
how a stored number is spelled. Not here: the containers themselves.
"""

import codecs
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from assets.extracts import budget
from assets.extracts.errors import DocumentError
from assets.extracts.files.grid import Block, Cell, Grid, column_letters, covered

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0"
PDF = b"%PDF-"
PAGE = "an HTML or XML page"
BYTE_ORDER_MARKS: Mapping[bytes, str] = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_MAX_RATIO = 200
_MAX_ENTRIES = 2_000
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError
)  # fmt: skip
_BEFORE_UTF_8 = b"\xef\xbb\xbf \t\r\n"
_BEFORE_XML = _BEFORE_UTF_8 + b"\xff\xfe\x00"  # in whatever encoding
_DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([\w.:-]+)")
_FETCH = "Fetch the document again, or save it as the kind of file its name says."


def read_start(path: Path) -> bytes:
    """The first bytes of a file, which tell its kind."""
    with path.open("rb") as handle:
        return handle.read(1024)


def kind_of(start: bytes) -> str:
    """Say in words what a file is that begins with these bytes."""
    if start.startswith(ZIP):
        return "a workbook or zip archive"
    if start.startswith(OLE):
        return "an old Excel file, or a workbook protected by a password"
    if start.startswith(PDF):
        return "a PDF"
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return PAGE
    return "another kind of file"


def check_archive(path: Path, name: str) -> None:
    """Refuse a zip archive that is damaged or made to fill the memory. Raises DocumentError."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_entries(archive, name)
    except _DAMAGED as error:
        found = f"the workbook is cut off or damaged ({error})"
        raise file_error(name, found, f"a whole {path.suffix} file") from error


def choose_sheet(names: Sequence[str], sheet: str | None, name: str) -> str:
    """The sheet the card names, or the only one. Raises DocumentError."""
    if sheet is None and len(names) == 1:
        return names[0]
    if sheet is None or sheet not in names:
        raise file_error(
            name,
            "the card names no sheet" if sheet is None else f"there is no sheet '{sheet}'",
            "one of the sheets " + ", ".join(f"'{title}'" for title in names),
            "Correct sheet in the card.",
        )
    return sheet


def check_size(name: str, part: str, rows: int, columns: int) -> None:
    """Refuse a sheet or table that reaches far beyond any real one. Raises DocumentError."""
    if rows * max(columns, 1) > budget.MAX_CELLS:
        raise DocumentError(
            name,
            sheet=part,
            cell=f"{column_letters(max(columns, 1))}{rows}",
            found=f"the sheet reaches to this cell, {rows * max(columns, 1):,} cells",
            expected=f"at most {budget.MAX_CELLS:,} cells",
            advice="Remove what stands far outside the table.",
        )


def merged_cells(
    name: str, part: str, blocks: Sequence[Block]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Every cell of merged blocks with its block's first cell. Raises DocumentError.

    Blocks are counted before they are laid out: one of a few letters covers 17 thousand million
    cells.
    """
    cells = sum((block.bottom - block.top + 1) * (block.right - block.left + 1) for block in blocks)
    if cells > budget.MAX_CELLS:
        raise DocumentError(
            name,
            sheet=part,
            found=f"merged blocks cover {cells:,} cells",
            expected=f"at most {budget.MAX_CELLS:,} cells",
            advice="Undo the merging outside the table.",
        )
    return covered(blocks)


def check_texts(grid: Grid) -> None:
    """Refuse texts as no table has them, of one cell or of all. Raises DocumentError."""
    characters = 0
    for row in grid.rows:
        for cell in row:
            characters += len(cell.text)
            longest = len(cell.text) > budget.MAX_CELL_CHARACTERS
            if longest or characters > budget.MAX_CHARACTERS:
                found = f"{len(cell.text):,} characters stand in this cell"
                up_to = f"the cells up to this one hold {characters:,} characters"
                raise grid.error(
                    cell,
                    found=found if longest else up_to,
                    expected=f"at most {budget.MAX_CELL_CHARACTERS:,} characters in a cell, and "
                    f"{budget.MAX_CHARACTERS:,} in a table",
                    advice="Keep only the table that is read, with a card of its own.",
                )


def formula_error(name: str, sheet: str, cell: str, text: str, what: str) -> DocumentError:
    """Build the error for a formula or an error value; what: which of the two."""
    return DocumentError(
        name,
        sheet=sheet,
        cell=cell,
        found=f"'{text}' is {what}",
        expected="a number or text as published",
        advice="Save the document with values only, with the figure the publisher printed.",
    )


def refuse_hidden(grid: Grid, rows: frozenset[int], columns: frozenset[int]) -> None:
    """Refuse figures in hidden rows or columns (1-based). Raises DocumentError at the first."""
    for row in grid.rows:
        for cell in row:
            if not cell.blank and (cell.row in rows or cell.column in columns):
                raise hidden_error(grid, cell)


def hidden_error(grid: Grid, cell: Cell) -> DocumentError:
    """Build the error for a cell that the publisher does not show."""
    return grid.error(
        cell,
        found=f"'{cell.text}' stands in a hidden row or column, or on a hidden sheet",
        expected="figures the publisher shows",
        advice="Look at the document; if they are meant, put 'hidden: read' into the table's card.",
    )


def is_utf8(data: bytes) -> bool:
    """Tell whether bytes are valid UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _check_entries(archive: zipfile.ZipFile, name: str) -> None:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if (
        len(entries) > _MAX_ENTRIES
        or unpacked > budget.MAX_UNPACKED_BYTES
        or (unpacked > 5_000_000 and unpacked / packed > _MAX_RATIO)
    ):
        raise file_error(
            name,
            f"the workbook unpacks to {unpacked:,} bytes in {len(entries)} parts "
            f"from {packed:,} bytes",
            f"at most {budget.MAX_UNPACKED_BYTES:,} bytes in {_MAX_ENTRIES} parts, "
            f"{_MAX_RATIO} times its size",
            "Do not open it by hand either: it may be made to fill the memory. Fetch it again.",
        )
    names = Counter(entry.filename for entry in entries)
    for entry in entries:
        if names[entry.filename] > 1:
            found = f"{names[entry.filename]} parts are named {entry.filename}"
            raise file_error(name, found, "a workbook as Excel writes it, each part once")
        part = archive.read(entry)
        is_xml = entry.filename.endswith((".xml", ".rels")) and part  # an empty one is no harm
        if is_xml or part.lstrip(_BEFORE_XML).startswith(b"<"):
            _check_xml(part, f"part {entry.filename}", name)


def _check_xml(part: bytes, called: str, name: str) -> None:
    """Refuse XML that may be more than it looks like: what is counted in it is bytes of UTF-8."""
    expected = "a workbook as Excel writes it, of XML in UTF-8 without a document type"
    declared = _DECLARED.match(part)
    encoding = declared[1].decode().lower() if declared else "utf-8"
    if encoding not in ("utf-8", "us-ascii") or not part.lstrip(_BEFORE_UTF_8).startswith(b"<"):
        raise file_error(name, f"{called} is not written in UTF-8", expected)
    if b"<!DOCTYPE" in part:
        raise file_error(name, f"{called} declares XML entities", expected)


def number_text(value: float) -> str:
    """Shortest decimal that is this number, never in scientific notation."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def scaling(number_format: str) -> str | None:
    """Why a number in this format prints something else than it stores; None where it does not."""
    if re.fullmatch(r"\s*;[\s;@]*", number_format):
        return "is formatted so that nothing of it is shown"
    shown = number_format.split(";")[0]
    if shown.rstrip('"\\_) ').endswith(","):
        return "is formatted in thousands, so it prints a fraction of what it stores"
    return None


def file_error(
    name: str, found: str, expected: str, advice: str = _FETCH, *, of_machine: bool = False
) -> DocumentError:
    """Build the error about a file as a whole."""
    return DocumentError(name, found=found, expected=expected, advice=advice, of_machine=of_machine)
