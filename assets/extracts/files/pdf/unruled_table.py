"""Tables on a page of a PDF without rules: columns are where figures stand below each other.

Belongs here: which lines are a table's, its headings, its columns. What cannot be told for certain
(a heading that may stand over several columns) raises. Not here: tables with rules, and the text
around a table (`pdf_table.py`).
"""

import re
from collections.abc import Iterator, Sequence
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
    long_edges,
)
from assets.extracts.files.pdf.pdf_text import Glyph, around, text_of
from assets.extracts.meaning.printed_text import unit_line

_NOTE = re.compile(
    r"注|备注|附注|说明|数据来源|资料来源|来源|本表|notes?\b|(?:data )?sources?\b", re.I
)


def unruled_tables(
    page: Any, lines: Sequence[Line], ruled: Sequence[Box], refuse: Refuse
) -> Iterator[Body]:
    """Tables without rules: runs of lines with figures one above the other."""
    rules = [float(edge["top"]) for edge in long_edges(page.edges) if edge["orientation"] == "h"]
    for run in _runs(lines, ruled):
        if is_figure(run[0].texts[0]):
            yield _unruled_body(_header(lines, run, rules), run, refuse)
        else:  # the first row is itself the heading (指标 2018 2019)
            yield _unruled_body(run[:1], run[1:], refuse)


def refuse_turned(free: Sequence[Glyph], bodies: Sequence[Body], refuse: Refuse) -> None:
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
        last.box.bottom <= box.top + SNAP and box.bottom <= line.box.top + SNAP for box in ruled
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
    return len(after) > 0 and 2 * sum(map(is_figure, after)) >= len(after)


def _header(lines: Sequence[Line], run: Sequence[Line], rules: Sequence[float]) -> list[Line]:
    """Lines of headings above the first row, up to a rule, a line of units or a gap."""
    header: list[Line] = []
    below = run[0]
    for line in reversed([line for line in lines if line.box.top < below.box.top]):
        is_ruled_off = header and any(line.box.bottom <= rule <= below.box.top for rule in rules)
        is_far = below.box.top - line.box.top > APART * _pitch(run)
        if is_ruled_off or is_far or any(unit_line(text) is not None for text in line.texts):
            break
        header.insert(0, line)
        below = line
    return header


def _unruled_body(header: Sequence[Line], run: Sequence[Line], refuse: Refuse) -> Body:
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
    return Body(tuple(rows), tuple(blocks), outer)


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
