"""Tables on one page of a PDF: where their rows and columns are, with rules or without.

Belongs here: laying the characters of a page out as tables. Not here: opening the file, tables that
run over several pages.

With rules, cells are what the rules enclose; one that spans several rows or columns is a merged
block. Open sides are closed where the horizontal rules end. Where only columns
are ruled, each line of text is a row. Without rules, columns are where the figures stand, one above
the other; what cannot be told for certain (a heading that may stand over several columns) raises.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from assets.extracts.files.grid import Block, Box
from assets.extracts.files.pdf.pdf_text import (
    Glyph,
    around,
    glyph,
    lines_of,
    split_cells,
    text_of,
)
from assets.extracts.meaning.printed_text import unit_line

_FIGURE = re.compile(
    r"[-+−－–—…⋯·.\d０-９][\d０-９,，.．\s\-—…⋯·]*[年a-z%‰*#①-⑳]?(?:[(（]\w{1,2}[)）])?", re.I
)
_NOTE = re.compile(
    r"注|备注|附注|说明|数据来源|资料来源|来源|本表|notes?\b|(?:data )?sources?\b", re.I
)
_PAGE_NUMBER = re.compile(r"[-—–·\s]*\d{1,4}[-—–·\s]*")
_SNAP = 3.0  # points: rules closer than this are one
_APART = 1.9  # line pitches between two lines, beyond which they belong to different things

Refuse = Callable[[str, str, Box], Exception]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text on a page: its number from the top, and its cells."""

    number: int
    cells: tuple[tuple[Glyph, ...], ...]
    box: Box

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(text_of(cell) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class TextCell:
    """Text of one cell and the box it stands in."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class PageTable:
    """One table: cells row by row, merged blocks, lines of text that stand above and below it."""

    rows: tuple[tuple[TextCell, ...], ...]
    blocks: tuple[Block, ...]
    above: tuple[Line, ...]
    below: tuple[Line, ...]
    box: Box


@dataclass(frozen=True, slots=True)
class _Body:
    """A table before the text around it is known."""

    rows: tuple[tuple[TextCell, ...], ...]
    blocks: tuple[Block, ...]
    box: Box


def page_tables(page: Any, refuse: Refuse) -> list[PageTable]:
    """Find the tables of a pdfplumber page, from the top.

    refuse: builds the error for (found, expected, box), raised where a layout is not certain.
    """
    glyphs = [glyph(char) for char in page.chars]
    ruled = list(_ruled(page, glyphs))
    free = [item for item in glyphs if not any(_inside(item, body.box) for body in ruled)]
    lines = _lines(free)
    unruled = list(_unruled(page, lines, [body.box for body in ruled], refuse))
    _refuse_turned(free, unruled, refuse)
    bodies = sorted((*ruled, *unruled), key=lambda body: (body.box.top, body.box.left))
    for body in ruled:
        _refuse_outside(body, bodies, lines, refuse)
    return [_with_text(body, bodies, lines) for body in bodies]


def _inside(item: Glyph, box: Box) -> bool:
    across, down = (item.box.left + item.box.right) / 2, (item.box.top + item.box.bottom) / 2
    return box.left <= across <= box.right and box.top <= down <= box.bottom


def _lines(glyphs: Sequence[Glyph]) -> list[Line]:
    """Upright lines of text, numbered from the top; page numbers at the edges are left out."""
    found = lines_of(item for item in glyphs if item.turn == 0)
    lines = [
        Line(number, tuple(tuple(cell) for cell in split_cells(line)), around(line))
        for number, line in enumerate(found, start=1)
    ]
    while lines and _PAGE_NUMBER.fullmatch("".join(lines[-1].texts)):
        lines.pop()
    while lines and _PAGE_NUMBER.fullmatch("".join(lines[0].texts)):
        lines.pop(0)
    return lines


def _ruled(page: Any, glyphs: Sequence[Glyph]) -> Iterator[_Body]:
    """Tables whose cells are enclosed by rules, at least two columns wide."""
    edges = [edge for edge in page.edges if edge["orientation"] == "h"]
    ends = sorted({float(edge[key]) for edge in _long(edges) for key in ("x0", "x1")})
    found = page.find_tables(
        {
            "vertical_strategy": "lines",
            "horizontal_strategy": "lines",
            "explicit_vertical_lines": _merged_places(ends) if len(ends) > 1 else [],
        }
    )
    for table in found:
        body = _ruled_body([Box(*cell) for cell in table.cells], glyphs)
        if body is not None:
            yield body


def _long(edges: Sequence[Any]) -> list[Any]:
    longest = max((edge["x1"] - edge["x0"] for edge in edges), default=0)
    return [edge for edge in edges if edge["x1"] - edge["x0"] > 0.95 * longest > 0]


def _merged_places(places: Sequence[float]) -> list[float]:
    """Sorted places without those that follow another one closely."""
    kept: list[float] = []
    for place in sorted(places):
        if not kept or place - kept[-1] > _SNAP:
            kept.append(place)
    return kept


def _ruled_body(cells: Sequence[Box], glyphs: Sequence[Glyph]) -> _Body | None:
    """Lay out cells that rules enclose; None where they make no table of two columns."""
    across = _merged_places([place for cell in cells for place in (cell.left, cell.right)])
    down = _merged_places([place for cell in cells for place in (cell.top, cell.bottom)])
    inner = {box: [item for item in glyphs if _inside(item, box)] for box in cells}
    if len(across) < 3 or not any(inner.values()):
        return None
    cuts = sorted({*down, *_line_cuts(inner, down)})
    laid = [
        [TextCell("", Box(left, top, right, bottom)) for left, right in pairwise(across)]
        for top, bottom in pairwise(cuts)
    ]
    blocks = []
    for box, items in inner.items():
        left, right = _index(across, box.left), _index(across, box.right) - 1
        top, bottom = _index(cuts, box.top), _index(cuts, box.bottom) - 1
        is_cut = _index(down, box.bottom) - _index(down, box.top) == 1
        steps = range(top, bottom + 1) if is_cut else (top,)
        for row in steps:
            inside = [item for item in items if not is_cut or _between(item, cuts, row)]
            last = row if is_cut else bottom
            place = Box(across[left], cuts[row], across[right + 1], cuts[last + 1])
            laid[row][left] = TextCell(text_of(inside), place)
            if (row, left) != (last, right):
                blocks.append(Block(row + 1, left + 1, last + 1, right + 1))
    outer = Box(across[0], down[0], across[-1], down[-1])
    return _Body(tuple(tuple(row) for row in laid), tuple(blocks), outer)


def _line_cuts(inner: Mapping[Box, Sequence[Glyph]], down: Sequence[float]) -> Iterator[float]:
    """Where to part bands without rules inside, in which figures stand one below the other."""
    for top, bottom in pairwise(down):
        band = [
            items
            for box, items in inner.items()
            if abs(box.top - top) <= _SNAP and abs(box.bottom - bottom) <= _SNAP
        ]
        if any(_has_figures_below_each_other(items) for items in band):
            lines = lines_of(item for items in band for item in items if item.turn == 0)
            boxes = [around(line) for line in lines]
            yield from ((above.bottom + below.top) / 2 for above, below in pairwise(boxes))


def _between(item: Glyph, cuts: Sequence[float], row: int) -> bool:
    return cuts[row] <= (item.box.top + item.box.bottom) / 2 < cuts[row + 1]


def _index(places: Sequence[float], place: float) -> int:
    return min(range(len(places)), key=lambda index: abs(places[index] - place))


def _has_figures_below_each_other(items: Sequence[Glyph]) -> bool:
    lines = lines_of(item for item in items if item.turn == 0)
    return sum(_is_figure(text_of(line)) for line in lines) > 1


def _is_figure(text: str) -> bool:
    return _FIGURE.fullmatch(text.strip()) is not None


def _refuse_outside(
    body: _Body, bodies: Sequence[_Body], lines: Sequence[Line], refuse: Refuse
) -> None:
    """Text beside a ruled table may be a column of it whose rules are missing."""
    others = [other.box for other in bodies if other is not body]
    for line in lines:
        for cell in line.cells:
            box = around(cell)
            beside = body.box.top < (box.top + box.bottom) / 2 < body.box.bottom
            if beside and not any(_inside(cell[0], other) for other in others):
                raise refuse(
                    f"'{text_of(cell)}' stands beside the rules of a table",
                    "tables whose rules enclose all their cells",
                    box,
                )


def _unruled(
    page: Any, lines: Sequence[Line], ruled: Sequence[Box], refuse: Refuse
) -> Iterator[_Body]:
    """Tables without rules: runs of lines with figures one above the other."""
    rules = [float(edge["top"]) for edge in _long(page.edges) if edge["orientation"] == "h"]
    for run in _runs(lines, ruled):
        if _is_figure(run[0].texts[0]):
            yield _unruled_body(_header(lines, run, rules), run, refuse)
        else:  # the first row is itself the heading (指标 2018 2019)
            yield _unruled_body(run[:1], run[1:], refuse)


def _refuse_turned(free: Sequence[Glyph], bodies: Sequence[_Body], refuse: Refuse) -> None:
    """A heading that reads upwards belongs to a column only where rules say to which."""
    turned = [item for item in free if item.turn != 0 and not item.text.isspace()]
    for body in bodies:
        over = [
            item
            for item in turned
            if body.box.left < item.box.right and item.box.left < body.box.right
        ]
        if over:
            raise refuse(
                f"'{' '.join(text_of(over).split())[:40]}' is turned, over a table without rules",
                "rules around turned headings",
                around(over),
            )


def _runs(lines: Sequence[Line], ruled: Sequence[Box]) -> Iterator[list[Line]]:
    """Lines from the first to the last one with figures, of each table."""
    run: list[Line] = []
    waiting: list[Line] = []
    for line in lines:
        last = (waiting or run)[-1:]
        if last and _is_break(run, last[0], line, waiting, ruled):
            if len(run) > 1:
                yield run
            run, waiting = [], []
        if _has_figures(line):
            run += [*waiting, line] if run else [line]
            waiting = []
        elif run:
            waiting.append(line)
    if len(run) > 1:
        yield run


def _is_break(
    run: Sequence[Line], last: Line, line: Line, waiting: Sequence[Line], ruled: Sequence[Box]
) -> bool:
    """Whether a table has ended before this line."""
    between = any(
        last.box.bottom <= box.top + _SNAP and box.bottom <= line.box.top + _SNAP for box in ruled
    )
    texts = line.texts
    is_text = unit_line(texts[0]) is not None or _NOTE.match(texts[0].lstrip()) is not None
    return (
        between or len(waiting) > 2 or is_text or line.box.top - last.box.bottom > 3 * _pitch(run)
    )


def _pitch(run: Sequence[Line]) -> float:
    """Usual distance from line to line, at least the height of one."""
    steps = sorted(below.box.top - above.box.top for above, below in pairwise(run))
    height = run[0].box.bottom - run[0].box.top
    return max(height, steps[len(steps) // 2] if steps else 2 * height)


def _has_figures(line: Line) -> bool:
    after = line.texts[1:]
    return len(after) > 0 and 2 * sum(map(_is_figure, after)) >= len(after)


def _header(lines: Sequence[Line], run: Sequence[Line], rules: Sequence[float]) -> list[Line]:
    """Lines of headings above the first row, up to a rule, a line of units or a gap."""
    header: list[Line] = []
    below = run[0]
    for line in reversed([line for line in lines if line.box.top < below.box.top]):
        is_ruled_off = header and any(line.box.bottom <= rule <= below.box.top for rule in rules)
        is_far = below.box.top - line.box.top > _APART * _pitch(run)
        if is_ruled_off or is_far or any(unit_line(text) is not None for text in line.texts):
            break
        header.insert(0, line)
        below = line
    return header


def _unruled_body(header: Sequence[Line], run: Sequence[Line], refuse: Refuse) -> _Body:
    columns = _columns(run)
    rows: list[tuple[TextCell, ...]] = []
    blocks: list[Block] = []
    for number, line in enumerate((*header, *run), start=1):
        laid = [
            TextCell("", Box(left, line.box.top, right, line.box.bottom)) for left, right in columns
        ]
        known = _in_order(line, columns) if line in header else None
        for position, cell in enumerate(line.cells):
            box = around(cell)
            first, last = (
                (known + position, known + position)
                if known is not None
                else _columns_of(box, columns, line in header, text_of(cell), refuse)
            )
            if laid[first].text:
                raise refuse(
                    f"'{laid[first].text}' and '{text_of(cell)}' stand in one column",
                    "columns that are clearly apart in every row",
                    box,
                )
            wider = Box(box.left - 2, box.top - 1, box.right + 2, box.bottom + 1)
            laid[first] = TextCell(text_of(cell), wider)
            if first != last:
                blocks.append(Block(number, first + 1, number, last + 1))
        rows.append(tuple(laid))
    _refuse_unequal_headings(rows[: len(header)], blocks, refuse)
    outer = around([item for line in (*header, *run) for cell in line.cells for item in cell])
    return _Body(tuple(rows), tuple(blocks), outer)


def _columns(run: Sequence[Line]) -> list[tuple[float, float]]:
    """Left and right ends of the columns: what overlaps, line over line, is one column."""
    boxes = [around(cell) for line in run for cell in line.cells if len(line.cells) > 1]
    spans = sorted((box.left, box.right) for box in boxes)
    columns: list[tuple[float, float]] = []
    for left, right in spans:
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns


def _in_order(line: Line, columns: Sequence[tuple[float, float]]) -> int | None:
    """First column of a line with one heading for each column (the years' may be left out).

    None where there are fewer, or where one stands over another column than its turn is.
    """
    boxes = [around(cell) for cell in line.cells]
    begins_later = boxes[0].left >= columns[0][1]
    if len(boxes) != len(columns) - begins_later:
        return None
    for position, box in enumerate(boxes, start=int(begins_later)):
        met = [
            n for n, (left, right) in enumerate(columns) if left < box.right and box.left < right
        ]
        if met and position not in met:
            return None
    return int(begins_later)


def _columns_of(
    box: Box, columns: Sequence[tuple[float, float]], is_heading: bool, text: str, refuse: Refuse
) -> tuple[int, int]:
    """First and last column that a cell stands in (0-based)."""
    met = [n for n, (left, right) in enumerate(columns) if left < box.right and box.left < right]
    middle = (box.left + box.right) / 2
    far = {n: abs(middle - (left + right) / 2) for n, (left, right) in enumerate(columns)}
    nearest, *others = sorted(far, key=lambda n: far[n])
    is_clear = not others or 2 * far[nearest] <= far[others[0]]
    if len(met) == 1 and (not is_heading or (is_clear and nearest == met[0])):
        return met[0], met[0]
    if len(met) > 1 and is_heading:
        return met[0], met[-1]
    if not met and is_heading and is_clear:
        return nearest, nearest
    if len(met) > 1 and met[0] == 0:  # a row of text only, from the first column on
        return 0, 0
    raise refuse(
        f"it is not certain over which column '{text}' stands",
        "a table with rules, or headings and figures right above each other",
        box,
    )


def _refuse_unequal_headings(
    header: Sequence[Sequence[TextCell]],
    blocks: Sequence[Block],
    refuse: Refuse,
) -> None:
    """A heading over one column only, in a line others leave blank, may belong to them too."""
    if len(header) < 2:
        return
    spanned = {
        (block.top, column) for block in blocks for column in range(block.left, block.right + 1)
    }
    counts = [
        sum(
            bool(row[column].text) or (number, column + 1) in spanned
            for number, row in enumerate(header, start=1)
        )
        for column in range(1, len(header[0]))
    ]
    for column, count in enumerate(counts, start=1):
        if count != counts[0]:
            raise refuse(
                "the headings of this table have different numbers of lines, so that one may stand "
                f"over several columns (column {column + 1} against column 2)",
                "a table with rules, or as many lines of heading over every column",
                header[0][column].box,
            )


def _with_text(body: _Body, bodies: Sequence[_Body], lines: Sequence[Line]) -> PageTable:
    """Add the lines above a table, from the one before on, and those right below it."""
    ends = [other.box.bottom for other in bodies if other.box.bottom <= body.box.top]
    begins = [other.box.top for other in bodies if other.box.top >= body.box.bottom]
    start, stop = max(ends, default=0.0), min(begins, default=float("inf"))
    above = [
        line for line in lines if start <= line.box.top and line.box.bottom <= body.box.top + _SNAP
    ]
    below: list[Line] = []
    foot = body.box.bottom
    for line in lines:
        if line.box.top < body.box.bottom - _SNAP or line.box.bottom > stop:
            continue
        if line.box.top - foot > _APART * (line.box.bottom - line.box.top):
            break
        below.append(line)
        foot = line.box.bottom
    return PageTable(body.rows, body.blocks, tuple(above), tuple(below), body.box)
