"""One table of a PDF, on one page or running over several, as a grid.

Belongs here: opening the file, what a page must be, joining a table that runs on. Not here: finding
rows and columns (`pdf_table.py`), what any cell means.

Cells are named by their page, the number of the table on it (from the top), and their place in the
table as printed on that page. On the pages after the first, the table goes on in the first table of
the page; its header may be repeated.
"""

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assets.extracts import budget
from assets.extracts.cards.card import page_range
from assets.extracts.errors import DocumentError
from assets.extracts.files.file_checks import PDF, check_size, file_error, kind_of, read_start
from assets.extracts.files.grid import Block, Box, Cell, Grid, Origin, column_letters, covered
from assets.extracts.files.pdf.page_text import Line, TextCell
from assets.extracts.files.pdf.pdf_table import PageTable, page_tables
from assets.extracts.meaning.printed_text import is_note, unit_line

_INVISIBLE = re.compile(rb"(?<![\w.])3\s+Tr\b")  # text render mode 3: neither filled nor stroked
_DRAWN = re.compile(rb"(?<![\w.])(?:re|[lcvy]|T[jJ]|Do|BI|['\"])(?=\s)")  # what draws something
_NO_CHARACTERS = re.compile(r"\(cid:\d+\)")


def load_pdf(path: Path, name: str, pages: int | str, table: int | None) -> Grid:
    """Read a table by its page (12, or '12-14' where it runs on) and its number on the first.

    table: may be None where the page has only one. Raises DocumentError.
    """
    numbers = page_range(pages)
    with _opened(path, name) as document:
        found = [_tables(document, name, number) for number in numbers]
    first = _choose(found[0], name, numbers[0], table)
    position = found[0].index(first) + 1
    _refuse_last(found, position, name, numbers)
    parts = [_place(first, numbers[0], position, with_lines=True, is_last=len(numbers) == 1)]
    for number, tables in zip(numbers[1:], found[1:], strict=True):
        follower = _choose(tables[:1], name, number, 1)
        _check_follower(first, follower, name, number)
        shown = _without_header(first, follower)
        parts.append(_place(shown, number, 1, with_lines=False, is_last=number == numbers[-1]))
    return _joined(parts, name, f"page {numbers[0]}, table {position}")


def pdf_tables(path: Path, name: str) -> Iterator[tuple[int, int]]:
    """Page and number of every table of a PDF; pages in doubt have none. Raises DocumentError."""
    with _opened(path, name) as document:
        for number in range(1, len(document.pages) + 1):
            try:
                found = _tables(document, name, number)
            except DocumentError:
                continue
            yield from ((number, position) for position in range(1, len(found) + 1))


@contextmanager
def _opened(path: Path, name: str) -> Iterator[Any]:
    start = read_start(path)
    if not start.startswith(PDF):
        raise file_error(name, f"it is named .pdf but is {kind_of(start)}", "a PDF")
    with path.open("rb") as handle:
        handle.seek(max(0, path.stat().st_size - 2048))
        if b"%%EOF" not in handle.read():
            raise file_error(name, "the PDF is cut off: its end is missing", "a whole PDF")
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    try:
        document = pdfplumber.open(path)
        len(document.pages)  # finds the pages, so that a damaged list of them is told here
    except Exception as error:  # pdfminer raises whatever its parsers raise
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in (error, *error.args)):
            found = "the PDF is protected by a password"
            raise file_error(name, found, "a PDF without a password") from error
        raise _damaged(name, error) from error
    try:
        yield document
    finally:
        document.close()


def _damaged(name: str, error: Exception) -> DocumentError:
    found = f"the PDF is damaged ({type(error).__name__}: {error})"
    return file_error(name, found, "a whole PDF")


def _tables(document: Any, name: str, number: int) -> list[PageTable]:
    """The tables of a page, after the page itself is found sound."""
    if number > len(document.pages):
        found = f"there is no page {number}, the last is {len(document.pages)}"
        raise file_error(name, found, "the page of the file", "Correct page in the card.")

    def refuse(found: str, expected: str, box: Box) -> DocumentError:
        place = f"{box[0]:.0f} points from the left, {box[1]:.0f} from the top"
        return _page_error(name, number, f"{found} ({place})", expected)

    try:
        page = document.pages[number - 1]
        _refuse_damage(page, name, number)
        _refuse_unreadable(page, name, number)
        return page_tables(page.dedupe_chars(), refuse)
    except (DocumentError, MemoryError):
        raise
    except Exception as error:  # pdfminer raises whatever its parsers raise
        raise _damaged(name, error) from error


def _page_error(name: str, number: int, found: str, expected: str) -> DocumentError:
    return DocumentError(
        name,
        sheet=f"page {number}",
        found=found,
        expected=expected,
        advice="Look at the page; what cannot be read from it can be typed into a CSV file, with a "
        "card that says retyped: true and names this page.",
    )


def _refuse_damage(page: Any, name: str, number: int) -> None:
    """A damaged stream would be read in part, without a word; one that is too long, for hours."""
    length = objects = 0
    for stream in page.page_obj.contents:
        content = stream.resolve() if hasattr(stream, "resolve") else stream
        filters = [str(item[0]) for item in content.get_filters()]
        if filters == ["/'FlateDecode'"] and content.rawdata and content.decipher is None:
            try:
                unpacked = zlib.decompressobj()
                length += len(unpacked.decompress(content.rawdata, budget.MAX_PAGE_BYTES + 1))
                if not unpacked.eof and length <= budget.MAX_PAGE_BYTES:
                    raise zlib.error("its end is missing")
            except zlib.error as error:
                found = f"the content of the page is damaged ({error})"
                raise _page_error(name, number, found, "a page that is whole") from error
        else:
            length += len(content.get_data())
        if length <= budget.MAX_PAGE_BYTES:
            objects += sum(1 for _ in _DRAWN.finditer(content.get_data()))
        if length > budget.MAX_PAGE_BYTES or objects > budget.MAX_PAGE_OBJECTS:
            found = "the page holds more than any page of a yearbook"
            limit = f"{budget.MAX_PAGE_BYTES:,} bytes and {budget.MAX_PAGE_OBJECTS:,} texts, lines"
            raise _page_error(name, number, found, f"at most {limit} and areas")
        if _INVISIBLE.search(content.get_data()):
            found = "the page has invisible text, as scanned pages have behind their picture"
            raise _page_error(name, number, found, "a page whose text is what it shows")


def _refuse_unreadable(page: Any, name: str, number: int) -> None:
    characters = len(page.chars)
    if characters == 0:
        what = "only a picture (it was scanned)" if page.images else "nothing"
        raise _page_error(name, number, f"the page has no text, {what}", "a page with text")
    if characters > budget.MAX_PAGE_CHARACTERS:
        found = f"the page has {characters:,} characters"
        raise _page_error(name, number, found, f"at most {budget.MAX_PAGE_CHARACTERS:,}")
    for char in page.chars:
        if _is_white(char) and not char["text"].isspace() and not _is_on_colour(char, page):
            found = f"'{char['text']}' is printed white on white"
            raise _page_error(name, number, found, "figures the publisher shows")


def _is_white(char: Any) -> bool:
    colour = char.get("non_stroking_color")
    parts = colour if isinstance(colour, tuple | list) else (colour,)
    if not parts or not all(isinstance(part, int | float) for part in parts):
        return False
    return all(part <= 0.02 for part in parts) if len(parts) == 4 else min(parts) >= 0.98


def _is_on_colour(char: Any, page: Any) -> bool:
    """Whether a filled area that is not white lies under a character."""
    across, down = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return any(
        area["fill"]
        and not _is_white(area)
        and area["x0"] <= across <= area["x1"]
        and area["top"] <= down <= area["bottom"]
        for area in (*page.rects, *page.curves)
    )


def _choose(found: list[PageTable], name: str, page: int, table: int | None) -> PageTable:
    if table is None and len(found) == 1:
        return found[0]
    if table is None or table > len(found):
        what = "the card names no table" if table is None else f"there is no table {table}"
        raise DocumentError(
            name,
            sheet=f"page {page}",
            found=what,
            expected=f"one of the {len(found)} tables found there, numbered from the top",
            advice="Correct page or table in the card.",
        )
    return found[table - 1]


def _refuse_last(found: list[list[PageTable]], position: int, name: str, numbers: range) -> None:
    if len(numbers) > 1 and position != len(found[0]):
        raise DocumentError(
            name,
            sheet=f"page {numbers[0]}, table {position}",
            found=f"another table stands below it, so it cannot go on on page {numbers[1]}",
            expected="the last table of its page",
            advice="Correct page or table in the card.",
        )


def _check_follower(first: PageTable, follower: PageTable, name: str, page: int) -> None:
    """What goes on must have the columns and the unit of what it continues."""
    found = None
    if len(first.rows[0]) != len(follower.rows[0]):
        found = f"it has {len(follower.rows[0])} columns, the page before {len(first.rows[0])}"
    units = {text for line in first.above for text in line.texts}
    for line in follower.above:
        for text in line.texts:
            if unit_line(text) is not None and text not in units:
                found = f"it says '{text}', the page before does not"
    if found is not None:
        raise DocumentError(
            name,
            sheet=f"page {page}, table 1",
            found=found,
            expected="the continuation of the table on the page before",
            advice="Correct page in the card; a table of its own needs an entry of its own.",
        )


def _without_header(first: PageTable, follower: PageTable) -> PageTable:
    """Leave out rows at the top that repeat those of the first page, keeping the row numbers."""
    same = 0
    for above, row in zip(first.rows, follower.rows, strict=False):
        if [cell.text for cell in above] != [cell.text for cell in row]:
            break
        same += 1
    empty = tuple(() for _ in range(same))
    blocks = tuple(block for block in follower.blocks if block.top > same)
    return PageTable(empty + follower.rows[same:], blocks, (), follower.below, follower.box)


_Rows = list[tuple[Cell, ...]]


def _place(
    table: PageTable, page: int, position: int, *, with_lines: bool, is_last: bool
) -> tuple[_Rows, list[Block]]:
    """Cells of one page with their origin; rows are numbered anew when pages are joined."""
    part = f"page {page}, table {position}"
    above = [_line_cells(line, page) for line in table.above] if with_lines else []
    rows = [_row_cells(row, number, part, page) for number, row in enumerate(table.rows, start=1)]
    below = [_line_cells(line, page) for line in table.below]
    if not is_last and below and is_note(below[0][0].text):
        below = []  # notes of the page; anything else is left for the layout to refuse
    kept = [number for number, row in enumerate(rows) if row]
    first = kept[0] if kept else 0
    shift = len(above) - first
    blocks = [_lower(block, shift) for block in table.blocks]
    return above + [rows[number] for number in kept] + below, blocks


def _lower(block: Block, rows: int) -> Block:
    return block._replace(top=block.top + rows, bottom=block.bottom + rows)


def _line_cells(line: Line, page: int) -> tuple[Cell, ...]:
    origin = Origin(f"page {page}", f"line {line.number}", page, line.box)
    return tuple(
        Cell(1, column, text, None, origin) for column, text in enumerate(line.texts, start=1)
    )


def _row_cells(row: tuple[TextCell, ...], number: int, part: str, page: int) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            1,
            column,
            cell.text,
            "is printed in a font that does not say its characters"
            if _NO_CHARACTERS.search(cell.text)
            else None,
            Origin(part, f"{column_letters(column)}{number}", page, cell.box),
        )
        for column, cell in enumerate(row, start=1)
    )


def _joined(parts: list[tuple[_Rows, list[Block]]], name: str, sheet: str) -> Grid:
    rows: list[tuple[Cell, ...]] = []
    blocks: list[Block] = []
    for part, inside in parts:
        shift = len(rows)
        blocks += [_lower(block, shift) for block in inside]
        rows += [
            tuple(Cell(number, cell.column, cell.text, cell.problem, cell.origin) for cell in cells)
            for number, cells in enumerate(part, start=shift + 1)
        ]
    check_size(name, sheet, len(rows), max((len(row) for row in rows), default=1))
    return Grid(name, sheet, tuple(rows), None, covered(blocks))
