"""The tables of a sheet: one, or several with other headings below or beside each other.

Belongs here: where a sheet may be cut, and which cuts give tables that can each be read. Not here:
what one table is proposed to be (proposal.py).

A sheet is cut only where it cannot be read as one table, or where its keys stand on both sides of
its figures: then it may be two tables side by side, and both are shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assets.extracts.cards.areas import LAST, Area
from assets.extracts.files.grid import Cell, Grid
from assets.extracts.labels import is_heading
from assets.extracts.meaning.printed_text import is_note
from assets.extracts.proposing.proposal import Proposal, contradict, proposals
from assets.extracts.proposing.seen import Seen, any_table
from assets.extracts.shared_sheet import within

_MOST_CUTS = 12  # of one sheet in one direction: more are the rows of one table
_Way = Literal["rows", "columns"]


@dataclass(frozen=True, slots=True)
class SheetTable:
    """One table of a sheet: its cells (None: all), and the readings of it that could be meant."""

    cells: str | None
    grid: Grid
    readings: Sequence[Proposal]


@dataclass(frozen=True, slots=True)
class SheetTables:
    """The tables of a sheet, from the top; empty where it cannot be read.

    or_else: the tables it could be as well, which say something else of a cell.
    """

    tables: Sequence[SheetTable]
    or_else: Sequence[SheetTable] = ()


def sheet_tables(grid: Grid) -> SheetTables:
    """Find the tables of a sheet: as few as there can be."""
    cutter = _Cutter(grid)
    whole = Area(1, 1, len(grid.rows), grid.width)
    found = proposals(grid)
    if not found:
        return SheetTables([cutter.table(area) for area in cutter.pieces(whole, 2)])
    one = SheetTable(None, grid, found)
    apart = [cutter.table(area) for area in cutter.cut(whole, "columns", 1)]
    if apart and contradict([*found[:1], *(each.readings[0] for each in apart)]):
        return SheetTables([one], apart)
    return SheetTables([one])


class _Cutter:
    """One sheet, each of whose areas is read once."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._seen = Seen(grid)
        self._known: dict[Area, SheetTable] = {}

    def table(self, area: Area) -> SheetTable:
        """An area read as one table; texts above it and another belong to both."""
        if area not in self._known:
            cells = ", ".join(map(str, (*self._shared(area), self._open(area))))
            grid = within(self._grid, any_table({"cells": cells}))
            self._known[area] = SheetTable(cells, grid, proposals(grid))
        return self._known[area]

    def pieces(self, area: Area, depth: int) -> Sequence[Area]:
        """The fewest areas that can each be read as one table; empty where there are none."""
        if self.table(area).readings:
            return (area,)
        if depth:
            ways: tuple[_Way, ...] = ("rows", "columns")
            cuts = [cut for way in ways if (cut := self.cut(area, way, depth))]
            return min(cuts, key=len, default=())
        return ()

    def cut(self, area: Area, way: _Way, depth: int) -> Sequence[Area]:
        """The fewest areas below or beside each other; empty where no cut gives tables."""
        starts = self._starts(area, way)
        if not starts or len(starts) > _MOST_CUTS:
            return ()
        first, end = (area.top, area.bottom + 1) if way == "rows" else (area.left, area.right + 1)
        bounds = [first, *starts, end]
        best: list[Sequence[Area] | None] = [None] * len(bounds)  # from each bound to the end
        best[-1] = ()
        for i in range(len(bounds) - 2, -1, -1):
            for j in range(i + 1, len(bounds)):
                rest = best[j]
                if rest is None or (i, j) == (0, len(bounds) - 1):
                    continue
                piece = (
                    Area(bounds[i], area.left, bounds[j] - 1, area.right)
                    if way == "rows"
                    else Area(area.top, bounds[i], area.bottom, bounds[j] - 1)
                )
                pieces = self.pieces(piece, depth - 1)
                known = best[i]
                if pieces and (known is None or len(pieces) + len(rest) < len(known)):
                    best[i] = (*pieces, *rest)
        return best[0] or ()

    def _starts(self, area: Area, way: _Way) -> Sequence[int]:
        """Rows or columns at which a further table may begin: texts, or keys, after figures."""
        lines = (
            [self._cells(area, row=row) for row in range(area.top, area.bottom + 1)]
            if way == "rows"
            else [self._cells(area, column=c) for c in range(area.left, area.right + 1)]
        )
        starts: list[int] = []
        after_figures = False
        for line in filter(None, lines):
            if self._holds_figures(line, way):
                after_figures = True
            elif after_figures and self._begins(line, way):
                starts.append(line[0].row if way == "rows" else line[0].column)
                after_figures = False
        return starts

    def _begins(self, cells: Sequence[Cell], way: _Way) -> bool:
        """Whether a line may be a table's first: no note, and no column of flags or units."""
        if way == "rows":
            return not is_note(cells[0].text)
        seen = self._seen
        keys = sum(seen.is_year(c) or seen.is_label(c) or seen.region(c) is not None for c in cells)
        return 2 * keys >= len(cells) - 1 or any(is_heading(cell.text) for cell in cells)

    def _cells(self, area: Area, row: int = 0, column: int = 0) -> Sequence[Cell]:
        rows = range(row, row + 1) if row else range(area.top, area.bottom + 1)
        columns = range(column, column + 1) if column else range(area.left, area.right + 1)
        cells = [self._grid.cell(r, c) for r in rows for c in columns]
        return [cell for cell in cells if not cell.blank]

    def _holds_figures(self, cells: Sequence[Cell], way: _Way) -> bool:
        """Whether figures stand in a line; of a column, for the most part."""
        figures = sum(map(self._seen.is_figure, cells))
        return figures > 0 if way == "rows" else 2 * figures >= len(cells) - 1

    def _shared(self, area: Area) -> Sequence[Area]:
        """Rows above tables that stand side by side: no more than one text stands in each."""
        if area.left == 1 and area.right == self._grid.width:
            return ()
        last = area.top - 1
        for row in range(area.top, area.bottom + 1):
            if sum(not cell.blank for cell in self._grid.rows[row - 1]) > 1:
                break
            last = row
        return (Area(area.top, 1, last),) if last >= area.top else ()

    def _open(self, area: Area) -> Area:
        """The area as a card says it: open where the sheet ends."""
        bottom = LAST if area.bottom == len(self._grid.rows) else area.bottom
        right = LAST if area.right == self._grid.width else area.right
        return Area(area.top, area.left, bottom, right)
