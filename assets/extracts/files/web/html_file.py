"""One table of a saved web page (.html, .htm) as a grid.

Belongs here: decoding the page and laying its table out. Not here: what any cell means.

Tables are numbered as they begin in the page, from 1. A caption stands as a row above the table.
Of the page around it, its title, the headings before it and the texts right before it are kept.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assets.extracts import budget
from assets.extracts.errors import DocumentError
from assets.extracts.files.file_checks import (
    BYTE_ORDER_MARKS,
    OLE,
    PDF,
    ZIP,
    check_size,
    file_error,
    hidden_error,
    is_utf8,
    kind_of,
    merged_cells,
)
from assets.extracts.files.grid import (
    STRUCK_OUT,
    UNSEEN,
    Block,
    Cell,
    Grid,
    Origin,
    as_mark,
    column_letters,
    covered,
)
from assets.extracts.files.web.html_styles import Styles, is_of_two_sizes, is_raised

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_GB = frozenset(("gb2312", "gbk", "gb18030", "gb_2312-80", "cp936", "x-gbk"))
_WIDE = ("utf-16-le", "utf-16-be")
_PICTURES = frozenset(("img", "svg", "canvas", "object", "embed", "input", "select", "textarea"))
_UNREAD = frozenset(("script", "style", "template", "noscript"))
_MARK = re.compile(r"[(\[（［]?(?:\d{1,2}|[a-z*†‡])[)\]）］]?", re.IGNORECASE)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_MOST_SIGNS = 120  # of a text that says what a table is about
_MAX_SPAN = 1000  # as browsers have it for columns
_BREAK = "\x00"
_TOO_LARGE = "Save only the table that is read, with a card of its own."
_Place = tuple[int, int]


def load_html(
    path: Path,
    name: str,
    table: int | None,
    encoding: str | None = None,
    hidden: str | None = None,
) -> Grid:
    """Read one table by its number; it may be None where the page has only one.

    Raises DocumentError, also where the page does not say its encoding, or is not in it.
    """
    found = _tables(path, name, encoding)
    if table is None and len(found) == 1:
        table = 1
    if table is None or not 1 <= table <= len(found):
        raise file_error(
            name,
            "the card names no table" if table is None else f"there is no table {table}",
            f"one of the {len(found)} tables of the page, numbered as they begin"
            if found
            else "a page with a table",
            "Correct table in the card; `yearbook add` lists the tables of a page.",
        )
    return _grid(found[table - 1], name, f"table {table}", hidden)


def html_tables(path: Path, name: str, encoding: str | None = None) -> list[int]:
    """Numbers of the tables that hold no other table. Raises DocumentError."""
    found = _tables(path, name, encoding)
    return [number for number, table in enumerate(found, start=1) if not table.findall(".//table")]


def _tables(path: Path, name: str, encoding: str | None) -> "list[HtmlElement]":
    from lxml import html
    from lxml.etree import LxmlError

    data = path.read_bytes()
    if data.startswith((ZIP, OLE, PDF)) or b"<" not in data:
        raise file_error(name, f"it is named .html but is {kind_of(data[:1024])}", "a web page")
    if b"<Workbook" in data and b"urn:schemas-microsoft-com:office:spreadsheet" in data:
        advice = "Open it in a spreadsheet program and save it as .xlsx."
        raise file_error(name, "it is an XML spreadsheet of Excel 2003", "a web page", advice)
    elements = data.count(b"<")
    if elements > budget.MAX_ELEMENTS:
        found = f"the page has {elements:,} marks"
        raise file_error(name, found, f"at most {budget.MAX_ELEMENTS:,}", _TOO_LARGE)
    text = _decode(data, name, encoding)
    parser = html.HTMLParser()
    try:
        page = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text), parser=parser)
    except (LxmlError, ValueError, AssertionError) as error:
        raise file_error(name, f"the page is damaged ({error})", "a whole web page") from error
    # Where the parser gives up, at a limit of its own, it drops the rest without a word.
    for given_up in parser.error_log.filter_from_fatals():
        found = f"in line {given_up.line} the page cannot be read on ({given_up.message})"
        raise file_error(name, found, "a page that is read to its end")
    return list(page.iter("table"))


def _decode(data: bytes, name: str, encoding: str | None) -> str:
    """Decode by the card, the byte order mark and the page's own word, which may not disagree."""
    marked = next((codec for bom, codec in BYTE_ORDER_MARKS.items() if data.startswith(bom)), None)
    wide = next((codec for codec in (marked, encoding) if codec in _WIDE), None)
    if wide is not None:
        return _decode_wide(data, name, encoding, wide)
    if b"\x00" in data:
        raise _nul_byte(data, name)
    meta = _META.search(data[:4096])
    said = {
        "the card": encoding,
        "the byte order mark": marked,
        "the page": meta[1].decode("ascii") if meta else None,
    }
    names = {who: _codec(name, who, text) for who, text in said.items() if text}
    codec = next(iter(names.values()), "ascii")
    if len(set(names.values())) > 1:
        stated = ", ".join(f"{who} says {text}" for who, text in names.items())
        raise _encoding_error(name, stated)
    if codec in ("gb18030", "big5hkscs") and not data.isascii() and is_utf8(data):
        raise _encoding_error(name, f"its bytes are UTF-8, but {codec} is stated")
    try:
        return data.decode(codec).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"its bytes are not {codec} at byte {error.start}, line {line}"
        raise _encoding_error(
            name, "nothing says in which encoding it is" if codec == "ascii" else found
        ) from error


def _decode_wide(data: bytes, name: str, encoding: str | None, codec: str) -> str:
    """Decode a page in UTF-16, which neither card nor page may call otherwise."""
    try:
        text = data.decode(codec).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise _encoding_error(name, f"its bytes are not {codec} at byte {error.start}") from error
    meta = _META.search(text[:4096].encode("ascii", "replace"))
    said = {"the card": encoding, "the page": meta[1].decode("ascii").lower() if meta else None}
    for who, stated in said.items():
        if stated not in (None, codec, "utf-16", "unicode"):
            raise _encoding_error(name, f"{who} says {stated}, but its bytes are {codec}")
    if "\x00" in text or "<" not in text:
        raise _encoding_error(name, f"its bytes make no page in {codec}")
    return text


def _nul_byte(data: bytes, name: str) -> DocumentError:
    """The refusal of a page with NUL bytes, which may be one in UTF-16 without its mark."""
    texts = {codec: data.decode(codec, "replace") for codec in _WIDE}
    fitting = [c for c, text in texts.items() if text.lstrip().startswith("<") and ">" in text]
    if len(fitting) != 1:
        found = f"there is a NUL byte at byte {data.index(0)}"
        return file_error(name, found, "text without any")
    return file_error(
        name,
        f"it seems to be in {fitting[0]}, and nothing says so",
        "a page that says in which encoding it is",
        f"State in the table's card: encoding: {fitting[0]}.",
    )


def _codec(name: str, who: str, text: str) -> str:
    folded = text.lower()
    if folded in ("utf-8", "utf8", "utf-8-sig"):
        return "utf-8"
    if folded in _GB:
        return "gb18030"
    if folded in ("big5", "big5-hkscs"):
        return "big5hkscs"
    raise _encoding_error(name, f"{who} says {text}")


def _encoding_error(name: str, found: str) -> DocumentError:
    return file_error(
        name,
        found,
        "a page in UTF-8, UTF-16, GB 18030 (GB 2312, GBK) or Big5, stated once and rightly",
        "State encoding in the card (utf-8, utf-16-le, gb18030 or big5), or save the page again.",
    )


def _grid(table: "HtmlElement", name: str, part: str, hidden: str | None) -> Grid:
    if table.findall(".//table"):
        raise DocumentError(
            name,
            sheet=part,
            found="other tables stand inside this one",
            expected="the number of a table of figures",
            advice="Correct table in the card: count every table as it begins in the page.",
        )
    captions = [_text(node) for node in table.findall("caption")]
    placed, blocks = _lay_out(table, name, part, len(captions))
    styles = Styles(table)
    height = max((row for row, _ in placed), default=len(captions))
    width = max((column for _, column in placed), default=1)
    check_size(name, part, height, width)
    above = tuple(
        (Cell(row, 1, text, None, Origin(part, "caption")),)
        for row, text in enumerate(captions, start=1)
    )
    rows = tuple(
        tuple(
            _cell(placed.get((row, column)), styles, row, column, len(captions), part)
            for column in range(1, width + 1)
        )
        for row in range(len(captions) + 1, height + 1)
    )
    merged = merged_cells(name, part, blocks)
    grid = Grid(name, part, above + rows, None, merged, tuple(_around(table)))
    if hidden is None:
        _refuse_hidden(grid, styles, placed, _hidden_columns(table, styles))
    return grid


def _around(table: "HtmlElement") -> Iterator[str]:
    """The page's title, the headings of the table's section, and what stands right before it."""
    section: dict[str, HtmlElement] = {}
    for node in table.xpath("preceding::*[self::h1 or self::h2 or self::h3 or self::h4]"):
        section = {level: each for level, each in section.items() if level < node.tag}
        section[node.tag] = node
    near = []
    for node in table.itersiblings(preceding=True):
        if node.tag == "table" or node.tag in _HEADINGS:
            break
        near += [node] if isinstance(node.tag, str) and not node.findall(".//table") else []
    titles = (*table.getroottree().iter("title"), *section.values(), *near)
    for text in dict.fromkeys(map(_text, titles)):
        if text and len(text) <= _MOST_SIGNS:
            yield text


def _lay_out(
    table: "HtmlElement", name: str, part: str, above: int
) -> "tuple[dict[_Place, HtmlElement], list[Block]]":
    """Put every cell at its place, and list the blocks of those that span several."""
    lines = list(table.iter("tr"))
    check_size(name, part, len(lines), 1)
    placed: dict[_Place, HtmlElement] = {}
    taken: set[_Place] = set()
    blocks: list[Block] = []
    for number, line in enumerate(lines, start=above + 1):
        column = 1
        for item in line.iterchildren("td", "th"):
            while (number, column) in taken:
                column += 1
            bottom = min(number + _span(item, "rowspan", len(lines)) - 1, above + len(lines))
            right = column + _span(item, "colspan", 1) - 1
            check_size(name, part, bottom - above, right)
            block = Block(number, column, bottom, right)
            cells = covered([block]).keys()
            if cells & taken:
                raise _overlap(name, part, number - above, column)
            taken |= cells
            placed[number, column] = item
            if len(cells) > 1:
                blocks.append(block)
            column = right + 1
    return placed, blocks


def _span(item: "HtmlElement", key: str, whole: int) -> int:
    """Rows or columns a cell spans; 0 means all that follow."""
    text = (item.get(key) or "1").strip()
    count = int(text) if text.isascii() and text.isdigit() else 1
    return min(count, _MAX_SPAN) if count else whole


def _overlap(name: str, part: str, row: int, column: int) -> DocumentError:
    return DocumentError(
        name,
        sheet=part,
        cell=f"{column_letters(column)}{row}",
        found="two cells of the table take the same place (rowspan and colspan)",
        expected="a table whose cells do not overlap",
        advice="Look at the page: its rows have slipped. Save it again, or type the table.",
    )


def _cell(
    item: "HtmlElement | None", styles: Styles, row: int, column: int, above: int, part: str
) -> Cell:
    origin = Origin(part, f"{column_letters(column)}{row - above}") if above else None
    if item is None:
        return Cell(row, column, "", None, origin)
    text = _text(item)
    inside = [node for node in item.iter() if isinstance(node.tag, str)]
    if any(node.tag in _PICTURES for node in inside):
        return Cell(row, column, text or "[picture]", "is or holds a picture or a field", origin)
    problem = "runs on in small digits" if is_of_two_sizes(inside[1:]) else None
    if text and any(styles.strike(node) for node in (*inside, *item.iterancestors())):
        problem = STRUCK_OUT
    elif text and any(styles.is_white_on_white(n) for n in inside if (n.text or "").strip()):
        problem = UNSEEN
    remarks = [title for node in inside if (title := (node.get("title") or "").strip())]
    return Cell(row, column, text, problem, origin, comment="; ".join(remarks) or None)


def _text(item: "HtmlElement") -> str:
    """Text as a browser shows it; line breaks kept, footnote marks in brackets."""
    joined = _joined(item)
    lines = (re.sub(r"[ \t\r\n\f]+", " ", line).strip(" ") for line in joined.split(_BREAK))
    return "\n".join(line for line in lines if line)


def _joined(item: "HtmlElement", before: str = "") -> str:
    """Everything in an element; before: what stands before it in the cell."""
    text = item.text or ""
    for child in item:
        if isinstance(child.tag, str) and child.tag not in _UNREAD:
            if child.tag in ("br", "p", "div", "li"):
                text += _BREAK
            inner = _joined(child, before + text)
            text += as_mark(inner) if _is_mark(child, inner, before + text) else inner
            if child.tag in ("p", "div", "li"):
                text += _BREAK
        text += child.tail or ""
    return text


def _is_mark(node: "HtmlElement", text: str, before: str) -> bool:
    """Whether a part of a cell is a footnote mark: raised, or behind digits a lowered one or a
    link into the page. What stands before a number is part of it, as far as this can tell.
    """
    if not text.strip() or node.tag == "sup":
        return bool(text.strip())
    is_set_apart = (
        node.tag in ("sub", "rt")
        or (node.tag == "a" and "#" in (node.get("href") or ""))
        or is_raised(node)
    )
    return is_set_apart and before[-1:].isdigit() and _MARK.fullmatch(text.strip()) is not None


def _hidden_columns(table: "HtmlElement", styles: Styles) -> frozenset[int]:
    """Numbers of the columns that `col` hides, as a spreadsheet program writes them."""
    hidden: set[int] = set()
    column = 1
    for node in table.iter("col"):
        span = _span(node, "span", 1)
        if styles.hide(node):
            hidden.update(range(column, column + span))
        column += span
    return frozenset(hidden)


def _refuse_hidden(
    grid: Grid, styles: Styles, placed: "dict[_Place, HtmlElement]", columns: frozenset[int]
) -> None:
    """Refuse a cell whose text, row, column, table or any part of the page around it is hidden."""
    for (row, column), item in placed.items():
        cell = grid.cell(row, column)
        inside = [node for node in item.iter() if isinstance(node.tag, str)]
        if not cell.blank and (
            column in columns or any(styles.hide(node) for node in (*inside, *item.iterancestors()))
        ):
            raise hidden_error(grid, cell)
