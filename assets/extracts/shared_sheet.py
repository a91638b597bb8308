"""Which cells of a sheet are a table's, where tables with other headings share the sheet.

Belongs here: a grid cut down to a table's areas, and what of a sheet no table has. Not here: how a
table is read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assets.extracts.cards.areas import Area, areas_of
from assets.extracts.cards.card import TableCard
from assets.extracts.files.grid import Cell, Grid
from assets.extracts.layouts.cells import holds_number
from assets.extracts.meaning.printed_text import is_note
from assets.extracts.meaning.registry import normalise_label, regions_named
from assets.extracts.region_statements import provinces_named, region_lines


def within(grid: Grid, table: TableCard) -> Grid:
    """The sheet with nothing but a table's cells in it; all of it where the card names none.

    Where these name no region, the text above them that does is the table's, too, unless the card
    ignores it: what stands at the left or over it is about all that follows.
    """
    if table.cells is None:
        return grid
    areas = areas_of(table.cells)
    cut = _cut(grid, areas)
    axis = None if table.axes is None else table.axes.region
    in_it = axis is not None and axis.once in (None, "line", "sheet")
    if in_it or any(_names_region(cut, row) for row in cut.rows):
        return cut
    figures = (cell.row for row in cut.rows for cell in row if holds_number(cell))
    ignored = {normalise_label(text) for text in table.ignore}
    last = max(area.right for area in areas)
    for row in reversed(grid.rows[: next(figures, len(grid.rows) + 1) - 1]):
        before = [cell for cell in row if cell.column <= last]
        known = any(normalise_label(cell.text) in ignored for cell in before)
        if _names_region(grid, before) and not known and not any(map(holds_number, row)):
            first, *_ = before
            return _cut(grid, (*areas, Area(first.row, 1, first.row, last)))
    return cut


def _cut(grid: Grid, areas: Sequence[Area]) -> Grid:
    def inside(row: int, column: int) -> bool:
        return any(area.holds(row, column) for area in areas)

    rows = tuple(
        tuple(cell if cell.blank or inside(cell.row, cell.column) else _blank(cell) for cell in row)
        for row in grid.rows
    )
    merged = {place: top for place, top in grid.merged.items() if inside(*place) and inside(*top)}
    return replace(grid, rows=rows, merged=merged)


def _blank(cell: Cell) -> Cell:
    return replace(cell, text="", problem=None, stored=None, comment=None, printed=None, note=None)


def _names_region(grid: Grid, row: Sequence[Cell]) -> bool:
    texts = [cell.text for cell in row if any(sign.isalpha() for sign in cell.text)]
    if any(not is_note(text) and (provinces_named(text) or regions_named(text)) for text in texts):
        return True
    return bool(region_lines(replace(grid, rows=(tuple(row),))))


def left_over(grid: Grid, tables: Sequence[str]) -> Iterator[Cell]:
    """Cells of a sheet that no table of it has, but for notes."""
    areas = [area for cells in tables for area in areas_of(cells)]
    for row in grid.rows:
        for cell in row:
            if not (cell.blank or any(area.holds(cell.row, cell.column) for area in areas)):
                first = next(other for other in row if not other.blank)
                if holds_number(cell) or not is_note(first.text):
                    yield cell
