"""Characters on a page of a PDF, put together into the text a reader sees.

Belongs here: reading direction, lines, superscripts, gaps. Not here: tables.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from assets.extracts.files.grid import Box

_CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_SMALL = 0.8  # of the largest size in a cell: below it, text may be a superscript
_RAISED = 0.2  # of a line's size, from the line's foot to a superscript's
_NUMBER_GAP = 0.6  # em between digits, beyond which they are two numbers
_CELL_GAP = 1.5  # em between other characters, beyond which they are two cells


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character. u: along the reading direction; v: across it, downwards; size: em; points."""

    text: str
    u0: float
    u1: float
    v0: float
    v1: float
    size: float
    turn: int
    box: Box


def glyph(char: Mapping[str, Any]) -> Glyph:
    """Make a glyph of pdfplumber's character, turned upright by quarters."""
    x0, top, x1, bottom = (float(char[key]) for key in ("x0", "top", "x1", "bottom"))
    a, b = char["matrix"][:2]
    turn = round(math.degrees(math.atan2(b, a)) / 90) % 4
    u0, u1, v0, v1 = {
        0: (x0, x1, top, bottom),
        1: (-bottom, -top, x0, x1),  # reads upwards
        2: (-x1, -x0, -bottom, -top),
        3: (top, bottom, -x1, -x0),  # reads downwards
    }[turn]
    return Glyph(str(char["text"]), u0, u1, v0, v1, v1 - v0, turn, Box(x0, top, x1, bottom))


def around(glyphs: Iterable[Glyph]) -> Box:
    """The smallest box around glyphs."""
    boxes = [item.box for item in glyphs]
    return Box(
        left=min(box.left for box in boxes),
        top=min(box.top for box in boxes),
        right=max(box.right for box in boxes),
        bottom=max(box.bottom for box in boxes),
    )


def lines_of(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Glyphs of one direction by lines, from the top; superscripts in the line they belong to."""
    shown = [item for item in glyphs if not item.text.isspace()]
    lines: list[list[Glyph]] = []
    for item in sorted(shown, key=lambda item: (-round(item.size, 1), item.v0)):
        middle = (item.v0 + item.v1) / 2
        for line in lines:
            if line[0].v0 <= middle <= line[0].v1:
                line.append(item)
                break
        else:
            lines.append([item])
    for line in lines:
        line.sort(key=lambda item: item.u0)
    return sorted(lines, key=lambda line: max(line, key=lambda item: item.size).v0)


def split_cells(line: Sequence[Glyph]) -> list[list[Glyph]]:
    """Part a line where the gap is too wide for one text, or for one number."""
    cells: list[list[Glyph]] = [[line[0]]]
    for before, after in pairwise(line):
        size = max(before.size, after.size)
        if after.u0 - before.u1 > size * _widest(before, after):
            cells.append([])
        cells[-1].append(after)
    return cells


def text_of(glyphs: Iterable[Glyph]) -> str:
    """Text of a cell: lines joined, superscripts as footnote marks in brackets."""
    items = list(glyphs)
    lines = [
        _line_text(line)
        for turn in sorted({item.turn for item in items})
        for line in lines_of(item for item in items if item.turn == turn)
    ]
    joined = "".join(lines[:1])
    for line in lines[1:]:
        is_chinese = _CJK.match(joined[-1:]) and _CJK.match(line[:1])
        joined += line if is_chinese else f"\n{line}"
    return joined


def _line_text(line: Sequence[Glyph]) -> str:
    """One line; digits too far apart are parted by two spaces, which no number contains."""
    largest = max(line, key=lambda item: item.size)
    parts: list[str] = []
    mark = ""
    for before, item in zip([None, *line], line, strict=False):
        gap = 0.0 if before is None else (item.u0 - before.u1) / largest.size
        is_small = item.size < _SMALL * largest.size
        if is_small and largest.v1 - item.v1 > _RAISED * largest.size:
            mark += item.text
            continue
        parts.append(_bracketed(mark))
        mark = ""
        if before is not None and gap > 0.2:
            parts.append("  " if gap > _widest(before, item) else " ")
        parts.append(item.text)
    return "".join([*parts, _bracketed(mark)])


def _bracketed(mark: str) -> str:
    return f"({mark.strip('()（）')})" if mark else ""


def _widest(before: Glyph, after: Glyph) -> float:
    both_digits = before.text[-1:].isdigit() and after.text[:1].isdigit()
    return _NUMBER_GAP if both_digits else _CELL_GAP
