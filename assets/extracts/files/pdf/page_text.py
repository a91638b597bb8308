"""Lines of text on a page of a PDF, and what of a table is laid out on it.

Belongs here: lines numbered from the top, which texts are figures, a table before the text around
it is known. Not here: characters (`pdf_text.py`), finding tables (`pdf_table.py`).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from assets.extracts.files.grid import Block, Box
from assets.extracts.files.pdf.pdf_text import Glyph, around, lines_of, split_cells, text_of

_FIGURE = re.compile(
    r"[-+−－–—…⋯·.\d０-９][\d０-９,，.．\s\-—…⋯·]*[年a-z%‰*#①-⑳]?(?:[(（]\w{1,2}[)）])?", re.I
)
_PAGE_NUMBER = re.compile(r"[-—–·\s]*\d{1,4}[-—–·\s]*")
SNAP = 3.0  # points: rules closer than this are one
APART = 1.9  # line pitches between two lines, beyond which they belong to different things
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
class Body:
    """A table before the text around it is known."""

    rows: tuple[tuple[TextCell, ...], ...]
    blocks: tuple[Block, ...]
    box: Box


def lines_on(glyphs: Sequence[Glyph]) -> list[Line]:
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


def long_edges(edges: Sequence[Any]) -> list[Any]:
    """The rules that run nearly as far across as the longest one."""
    longest = max((edge["x1"] - edge["x0"] for edge in edges), default=0)
    return [edge for edge in edges if edge["x1"] - edge["x0"] > 0.95 * longest > 0]


def is_figure(text: str) -> bool:
    """Whether a text is a number, or a mark that stands for one."""
    return _FIGURE.fullmatch(text.strip()) is not None
