"""A sheet or table of cells as text, whatever file it was read from.

Belongs here: what a cell and a grid are, and how a cell is named. Not here: opening files (a module
for each container, `container.py` above them), what any cell means.

Every container is held to the same: the file is what its name says (but .xls), its size, its
encoding.
Refused with the cell named: formulas (their stored result may be stale), error values. Dates,
booleans, and numbers that are struck out or that nobody sees, are kept with a `problem`, which
stops whoever takes such a cell for a number. Hidden rows, columns and sheets stop the document
unless the card says `hidden: read`. Raised text inside a cell, and what is lowered behind digits,
becomes a footnote mark in brackets, so that 2647.43 with note 1 is never read as 2647.431.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from assets.extracts.errors import DocumentError, Lack


class Block(NamedTuple):
    """A merged block of cells: its ends, both included, 1-based."""

    top: int
    left: int
    bottom: int
    right: int


class Box(NamedTuple):
    """Where something stands on a page: points from the page's upper left corner."""

    left: float
    top: float
    right: float
    bottom: float


STRUCK_OUT = "is struck out"
UNSEEN = "is white on white, so that nobody sees it"


def as_mark(text: str) -> str:
    """A footnote mark inside a cell in brackets, which part it from what stands before it."""
    return f"({text.strip().strip('()（）[]［］')})" if text.strip() else text


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a cell stands, if its row and column in the grid do not say it.

    part: such as 'page 13, table 1'; ref: cell in the printed table, or 'line 2' for text around
    it; page: 1-based.
    """

    part: str | None
    ref: str
    page: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: place (1-based), text as shown, and why it may not be taken for a number.

    stored: of a number that a spreadsheet shows otherwise than it stores it, the stored one;
    unit: at the end of the text, where a number format writes it.
    comment: what a spreadsheet says in a window beside the cell.
    written: the text as it stands, where its decimal comma became a point, or its sign moved.
    printed: what the document prints, where corrections.yaml replaced the text; note: why.
    """

    row: int
    column: int
    text: str
    problem: str | None = None
    origin: Origin | None = None
    printed: str | None = None
    note: str | None = None
    stored: str | None = None
    unit: str | None = None
    comment: str | None = None
    written: str | None = None

    @property
    def exact(self) -> str:
        """The text as stored: a year that a spreadsheet shows as 2019.00 is 2019."""
        return self.text if self.stored is None or self.unit else self.stored

    @property
    def number(self) -> str:
        """The text without the unit that a number format writes."""
        return self.text.removesuffix(self.unit or "")

    @property
    def ref(self) -> str:
        """A1 reference; in a CSV file the number is the line, in a PDF the row of the table."""
        return self.origin.ref if self.origin else f"{column_letters(self.column)}{self.row}"

    @property
    def blank(self) -> bool:
        """Whether nothing but spaces stands in the cell."""
        return not self.text.strip()


@dataclass(frozen=True)
class Grid:
    """All cells of one sheet, row by row.

    sheet: name of the sheet, or 'page 12, table 1' of a PDF, 'table 3' of an HTML page; None in a
    CSV file. widths: fields per row in a CSV file (None elsewhere); merged: every cell that a
    merged block covers, with the block's top-left cell, both as (row, column); around: texts of a
    page before the table, which are no cells, and may not contradict it; elsewhere: cells of those
    sheets of a workbook that hold notes alone.
    """

    file: str
    sheet: str | None
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...] | None
    merged: Mapping[tuple[int, int], tuple[int, int]]
    around: tuple[str, ...] = ()
    elsewhere: tuple[Cell, ...] = ()

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell at a place (1-based); outside the sheet it is blank."""
        if 1 <= row <= len(self.rows) and 1 <= column <= len(self.rows[row - 1]):
            return self.rows[row - 1][column - 1]
        return Cell(row, column, "")

    def header_cell(self, row: int, column: int) -> Cell:
        """Return the cell that shows at a place: in a merged block, its top-left cell."""
        return self.cell(*self.merged.get((row, column), (row, column)))

    @cached_property
    def width(self) -> int:
        """Number of columns; asked for in every row, and every row is looked at to find it."""
        return max((len(row) for row in self.rows), default=0)

    def part(self, cell: Cell | None) -> str | None:
        """Sheet, or page and table, on which a cell stands: a table may run over several pages."""
        return cell.origin.part if cell is not None and cell.origin else self.sheet

    def error(
        self,
        cell: Cell | None,
        *,
        found: str,
        expected: str,
        advice: str,
        lacks: Lack | None = None,
        label: str = "",
        mends: Mapping[str, Any] | None = None,
    ) -> DocumentError:
        """Build the error that names this file, this sheet and the cell."""
        return DocumentError(
            self.file,
            sheet=self.part(cell),
            cell=None if cell is None else cell.ref,
            found=found,
            expected=expected,
            advice=advice,
            lacks=lacks,
            label=label,
            mends=mends,
        )


def column_letters(column: int) -> str:
    """Spell a 1-based column number the spreadsheet way: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def covered(
    blocks: Iterable[Block],
) -> dict[tuple[int, int], tuple[int, int]]:
    """Every cell of merged blocks with its block's top-left cell."""
    return {
        (row, column): (block.top, block.left)
        for block in blocks
        for row in range(block.top, block.bottom + 1)
        for column in range(block.left, block.right + 1)
    }
