"""One sheet of an OpenDocument workbook (.ods) as a grid.

Belongs here: what the file says of a sheet's cells. Not here: what any cell means.
"""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assets.extracts.errors import DocumentError
from assets.extracts.files.file_checks import (
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
)
from assets.extracts.files.grid import STRUCK_OUT, UNSEEN, Block, Cell, Grid, as_mark
from assets.extracts.files.shown_number import ShownNumber, shown_as

if TYPE_CHECKING:
    from lxml.etree import _Element

_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_PARTS = ("mimetype", "META-INF/manifest.xml", "content.xml")  # every workbook has them
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FORMAT = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_WHITE = "#ffffff"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_MAX_COLUMNS = 16_384  # as spreadsheets have them
_MAX_DEPTH = 50  # of marks inside marks in the text of one cell
_MAX_SPACES = 1000  # in a row
_NOT_NUMBERS = {
    "percentage": "is formatted as a percentage, so it prints 100 times what it stores",
    "date": "is a date",
    "time": "is a date",
    "boolean": "is a truth value",
}
_AROUND = {  # elements that may hold rows or columns
    "table-row": ("table-rows", "table-row-group", "table-header-rows"),
    "table-column": ("table-columns", "table-column-group", "table-header-columns"),
}
_WORDS_OF_ERRORS = ("#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!", "Err:")


@dataclass(frozen=True, slots=True)
class _Styles:
    """Names of the styles of text that raise it (or else lower it), and of cells that obscure it,
    with how.
    """

    apart: Mapping[str, bool]
    obscuring: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Item:
    """One stored cell with the rows and columns it spans; error: whether it holds one."""

    text: str
    stored: str | None
    unit: str | None
    problem: str | None
    rows: int
    columns: int
    formula: bool
    error: bool
    comment: str | None


def load_ods(path: Path, name: str, sheet: str | None, hidden: str | None = None) -> Grid:
    """Read one sheet; `sheet` may be None where there is only one. Raises DocumentError."""
    tables, styles = _open(path, name)
    title = choose_sheet(list(tables), sheet, name)
    try:
        rows, hidden_rows = _rows(tables[title], styles, name, title)
        hidden_columns = _hidden_columns(tables[title])
        if _is_hidden(tables[title]):
            hidden_rows = frozenset(range(1, len(rows) + 1))
    except (ValueError, TypeError) as error:
        raise _damaged(name, error) from error
    grid = _grid(rows, name, title)
    if hidden is None:
        refuse_hidden(grid, hidden_rows, hidden_columns)
    return grid


def ods_sheets(path: Path, name: str) -> list[str]:
    """Names of the sheets of a workbook. Raises DocumentError."""
    return list(_open(path, name)[0])


def _open(path: Path, name: str) -> "tuple[dict[str, _Element], _Styles]":
    """Sheets by name, and what styles do to the text in them."""
    start = read_start(path)
    if not start.startswith(ZIP):
        found = f"it is named .ods but is {kind_of(start)}"
        raise file_error(name, found, "an OpenDocument workbook")
    check_archive(path, name)
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            kind, manifest, content = (
                archive.read(part) if part in names else b"" for part in _PARTS
            )
    except Exception as error:  # zipfile raises whatever its decompressors raise
        raise _damaged(name, error) from error
    if b"encryption-data" in manifest:
        found = "the workbook is protected by a password"
        raise file_error(name, found, "an .ods workbook without a password")
    if kind.strip() != _MIMETYPE or not manifest or not content:
        found = "it is named .ods but is another kind of zip archive"
        raise file_error(name, found, "an OpenDocument workbook")
    try:
        book = _parsed(content)
    except (SyntaxError, ValueError) as error:
        raise _damaged(name, error) from error
    sheets = book.iterfind(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table")
    apart = {
        style.get(f"{_STYLE}name", ""): place[:1] not in ("-", "s") or place.startswith("super")
        for style in book.iterfind(f"{_OFFICE}automatic-styles/*")
        for shape in style
        # The word (super, sub), or per cent upwards (33%) or downwards (-33%).
        if (place := shape.get(f"{_STYLE}text-position", "")) and not place.startswith("0")
    }
    obscuring = {
        style.get(f"{_STYLE}name", ""): how
        for style in book.iterfind(f"{_OFFICE}automatic-styles/{_STYLE}style")
        if (how := _obscured(style)) is not None
    }
    named = {sheet.get(f"{_TABLE}name", ""): sheet for sheet in sheets}
    return named, _Styles(apart, obscuring)


def _obscured(style: "_Element") -> str | None:
    """Why what stands in cells of a style is not shown as a figure is; None where it is."""
    said = {key: text.strip().casefold() for shape in style for key, text in shape.items()}
    if said.get(f"{_STYLE}text-line-through-style", "none") != "none":
        return STRUCK_OUT
    on_white = said.get(f"{_FORMAT}background-color", "transparent") in ("transparent", _WHITE)
    return UNSEEN if on_white and said.get(f"{_FORMAT}color") == _WHITE else None


def _parsed(content: bytes) -> "_Element":
    """The content of a workbook, without comments. Raises SyntaxError, ValueError."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    book = etree.fromstring(content, parser)
    if book.getroottree().docinfo.doctype:
        raise ValueError("content.xml declares XML entities")
    if book.find(f"{_OFFICE}body/{_OFFICE}spreadsheet") is None:
        raise ValueError("content.xml holds no spreadsheet")
    return book


def _damaged(name: str, error: Exception) -> DocumentError:
    found = f"the workbook is damaged ({type(error).__name__}: {error})"
    return file_error(name, found, "a whole .ods file")


def _count(element: "_Element", name: str) -> int:
    return int(element.get(f"{_TABLE}{name}") or 1)


def _below(element: "_Element", name: str) -> "Iterator[_Element]":
    """Rows or columns of a sheet, also those in header or outline groups, in order."""
    for node in element:
        if node.tag == f"{_TABLE}{name}":
            yield node
        elif node.tag in [f"{_TABLE}{group}" for group in _AROUND[name]]:
            yield from _below(node, name)


def _rows(
    table: "_Element", styles: _Styles, name: str, sheet: str
) -> tuple[list[list[_Item]], frozenset[int]]:
    """Cells row by row, empty ones at the end left out, and the numbers of hidden rows."""
    rows: list[list[_Item]] = []
    hidden: set[int] = set()
    waiting = 0  # empty rows, which the file may repeat to the end of the sheet
    by_column = [
        column.get(f"{_TABLE}default-cell-style-name", "")
        for column in _below(table, "table-column")
        for _ in range(min(_count(column, "number-columns-repeated"), _MAX_COLUMNS))
    ]
    for element in _below(table, "table-row"):
        items, repeated = (
            _items(element, styles, by_column),
            _count(element, "number-rows-repeated"),
        )
        if not items:
            waiting += repeated
            continue
        check_size(name, sheet, len(rows) + waiting + repeated, len(items))
        rows += [[]] * waiting
        waiting = 0
        if element.get(f"{_TABLE}visibility") in ("collapse", "filter"):
            hidden.update(range(len(rows) + 1, len(rows) + repeated + 1))
        rows += [items] * repeated
    check_size(name, sheet, len(rows), max((len(items) for items in rows), default=0))
    return rows, frozenset(hidden)


def _items(row: "_Element", styles: _Styles, by_column: Sequence[str]) -> list[_Item]:
    items: list[_Item] = []
    by_row = row.get(f"{_TABLE}default-cell-style-name")
    end = 0
    for element in row:
        if element.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        by_place = by_row or (by_column[len(items)] if len(items) < len(by_column) else "")
        item = _item(element, styles, element.get(f"{_TABLE}style-name") or by_place)
        repeated = _count(element, "number-columns-repeated")
        is_empty = not item.text and item.rows == item.columns == 1 and not item.formula
        if is_empty and repeated > 1000:  # the rest of the sheet
            break
        if repeated > _MAX_COLUMNS:
            raise ValueError(f"a cell with text is repeated {repeated} times")
        items += [item] * repeated
        if len(items) > _MAX_COLUMNS:
            raise ValueError(f"a row of more than {_MAX_COLUMNS} cells")
        end = end if is_empty else len(items)
    return items[:end]


def _item(element: "_Element", styles: _Styles, style: str) -> _Item:
    kind = element.get(f"{_OFFICE}value-type", "")
    text = _paragraphs(element, styles.apart)
    comment = element.find(f"{_OFFICE}annotation")
    value = element.get(f"{_OFFICE}value")
    shown: ShownNumber | None = ShownNumber(text)
    problem = _NOT_NUMBERS.get(kind)
    if kind in ("float", "currency", "percentage") and value and (text or kind != "percentage"):
        shown = shown_as(text, float(value), is_percentage=kind == "percentage")
        other = problem or f"is shown, and {value} is stored"
        problem = None if shown else other
    if text.strip():
        problem = problem or styles.obscuring.get(style)
    is_error = element.get(f"{_CALC}value-type") == "error"
    return _Item(
        text=shown.text if shown else text,
        stored=shown.stored if shown else None,
        unit=shown.unit if shown else None,
        problem=problem,
        rows=_count(element, "number-rows-spanned"),
        columns=_count(element, "number-columns-spanned"),
        formula=element.get(f"{_TABLE}formula") is not None,
        error=is_error or text.strip().startswith(_WORDS_OF_ERRORS),
        comment=None if comment is None else _paragraphs(comment, styles.apart),
    )


def _paragraphs(element: "_Element", apart: Mapping[str, bool]) -> str:
    return "\n".join(_shown(paragraph, apart) for paragraph in element.iterfind(f"{_TEXT}p"))


def _shown(node: "_Element", apart: Mapping[str, bool], depth: int = 0) -> str:
    """Text of a paragraph, footnote marks in brackets. Raises ValueError."""
    if depth > _MAX_DEPTH:
        raise ValueError(f"a cell whose text is nested more than {_MAX_DEPTH} deep")
    if node.tag == f"{_OFFICE}annotation":
        return ""
    if node.tag == f"{_TEXT}s":
        spaces = int(node.get(f"{_TEXT}c") or 1)
        if spaces > _MAX_SPACES:
            raise ValueError(f"{spaces} spaces in a row")
        return " " * spaces
    if node.tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
        return "\n"
    text = node.text or ""
    for child in node:
        inner = _shown(child, apart, depth + 1)
        is_span = child.tag == f"{_TEXT}span"
        raises = apart.get(child.get(f"{_TEXT}style-name", "")) if is_span else None
        is_mark = raises or (raises is False and text[-1:].isdigit())
        text += (as_mark(inner) if is_mark else inner) + (child.tail or "")
    return text


def _is_hidden(table: "_Element") -> bool:
    """Whether a sheet is not shown, as its style says."""
    style = table.get(f"{_TABLE}style-name")
    styles = table.getroottree().iterfind(f"{_OFFICE}automatic-styles/{_STYLE}style")
    return style is not None and any(
        shape.get(f"{_TABLE}display") == "false"
        for each in styles
        if each.get(f"{_STYLE}name") == style
        for shape in each
    )


def _hidden_columns(table: "_Element") -> frozenset[int]:
    hidden: set[int] = set()
    last = 0
    for element in _below(table, "table-column"):
        first, last = last + 1, last + _count(element, "number-columns-repeated")
        if element.get(f"{_TABLE}visibility") in ("collapse", "filter"):
            hidden.update(range(first, min(last, first + 20_000) + 1))
    return frozenset(hidden)


def _grid(rows: list[list[_Item]], name: str, sheet: str) -> Grid:
    width = max((len(items) for items in rows), default=0)
    blocks = []
    cells = []
    for number, items in enumerate(rows, start=1):
        line = []
        for column, item in enumerate(items, start=1):
            cell = Cell(
                number,
                column,
                item.text,
                item.problem,
                stored=item.stored,
                unit=item.unit,
                comment=item.comment,
            )
            if item.error or item.formula:
                what = "an error value" if item.error else "the result of a formula"
                raise formula_error(name, sheet, cell.ref, item.text, what)
            if item.rows > 1 or item.columns > 1:
                bottom, right = number + item.rows - 1, column + item.columns - 1
                blocks.append(Block(number, column, min(bottom, len(rows)), min(right, width)))
            line.append(cell)
        line += [Cell(number, column, "") for column in range(len(items) + 1, width + 1)]
        cells.append(tuple(line))
    return Grid(name, sheet, tuple(cells), None, merged_cells(name, sheet, blocks))
