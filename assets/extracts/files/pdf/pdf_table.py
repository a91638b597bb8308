"""Tables on one page of a PDF: those that rules enclose, and the text around each.

Belongs here: laying the characters of a page out as tables. Not here: opening the file, tables that
run over several pages, tables without rules (`unruled_table.py`).

With rules, cells are what the rules enclose; one that spans several rows or columns is a merged
block. Open sides are closed where the horizontal rules end. Where only columns
are ruled, each line of text is a row.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from assets.extracts.files.grid import Block, Box
from assets.extracts.files.pdf.page_text import (
    APART,
    SNAP,
    Body,
    Line,
    Refuse,
    TextCell,
    is_figure,
    lines_on,
    long_edges,
)
from assets.extracts.files.pdf.pdf_text import Glyph, around, glyph, lines_of, text_of
from assets.extracts.files.pdf.unruled_table import refuse_turned, unruled_tables


@dataclass(frozen=True, slots=True)
class PageTable:
    """One table: cells row by row, merged blocks, lines of text that stand above and below it."""

    rows: tuple[tuple[TextCell, ...], ...]
    blocks: tuple[Block, ...]
    above: tuple[Line, ...]
    below: tuple[Line, ...]
    box: Box


def page_tables(page: Any, refuse: Refuse) -> list[PageTable]:
    """Find the tables of a pdfplumber page, from the top.

    refuse: builds the error for (found, expected, box), raised where a layout is not certain.
    """
    glyphs = [glyph(char) for char in page.chars]
    ruled = list(_ruled(page, glyphs))
    free = [item for item in glyphs if not any(_inside(item, body.box) for body in ruled)]
    lines = lines_on(free)
    unruled = list(unruled_tables(page, lines, [body.box for body in ruled], refuse))
    refuse_turned(free, unruled, refuse)
    bodies = sorted((*ruled, *unruled), key=lambda body: (body.box.top, body.box.left))
    for body in ruled:
        _refuse_outside(body, bodies, lines, refuse)
    return [_with_text(body, bodies, lines) for body in bodies]


def _inside(item: Glyph, box: Box) -> bool:
    across, down = (item.box.left + item.box.right) / 2, (item.box.top + item.box.bottom) / 2
    return box.left <= across <= box.right and box.top <= down <= box.bottom


def _ruled(page: Any, glyphs: Sequence[Glyph]) -> Iterator[Body]:
    """Tables whose cells are enclosed by rules, at least two columns wide."""
    edges = [edge for edge in page.edges if edge["orientation"] == "h"]
    ends = sorted({float(edge[key]) for edge in long_edges(edges) for key in ("x0", "x1")})
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


def _merged_places(places: Sequence[float]) -> list[float]:
    """Sorted places without those that follow another one closely."""
    kept: list[float] = []
    for place in sorted(places):
        if not kept or place - kept[-1] > SNAP:
            kept.append(place)
    return kept


def _ruled_body(cells: Sequence[Box], glyphs: Sequence[Glyph]) -> Body | None:
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
    return Body(tuple(tuple(row) for row in laid), tuple(blocks), outer)


def _line_cuts(inner: Mapping[Box, Sequence[Glyph]], down: Sequence[float]) -> Iterator[float]:
    """Where to part bands without rules inside, in which figures stand one below the other."""
    for top, bottom in pairwise(down):
        band = [
            items
            for box, items in inner.items()
            if abs(box.top - top) <= SNAP and abs(box.bottom - bottom) <= SNAP
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
    return sum(is_figure(text_of(line)) for line in lines) > 1


def _refuse_outside(
    body: Body, bodies: Sequence[Body], lines: Sequence[Line], refuse: Refuse
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


def _with_text(body: Body, bodies: Sequence[Body], lines: Sequence[Line]) -> PageTable:
    """Add the lines above a table, from the one before on, and those right below it."""
    ends = [other.box.bottom for other in bodies if other.box.bottom <= body.box.top]
    begins = [other.box.top for other in bodies if other.box.top >= body.box.bottom]
    start, stop = max(ends, default=0.0), min(begins, default=float("inf"))
    above = [
        line for line in lines if start <= line.box.top and line.box.bottom <= body.box.top + SNAP
    ]
    below: list[Line] = []
    foot = body.box.bottom
    for line in lines:
        if line.box.top < body.box.bottom - SNAP or line.box.bottom > stop:
            continue
        if line.box.top - foot > APART * (line.box.bottom - line.box.top):
            break
        below.append(line)
        foot = line.box.bottom
    return PageTable(body.rows, body.blocks, tuple(above), tuple(below), body.box)
