"""Where the blocks of a table of three axes stand.

Belongs here: finding the headings of the columns that the card names, hence rows and columns of
each block. Not here: what stands in them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assets.extracts.cards.axes_card import AxesCard, AxisName, is_pattern
from assets.extracts.errors import DocumentError
from assets.extracts.figure import TableSource
from assets.extracts.files.grid import Cell, Grid
from assets.extracts.labels import is_heading
from assets.extracts.layouts.mending import says_axes
from assets.extracts.meaning.registry import normalise_label

_SHOWN = 8  # cells of a row in a message


@dataclass(frozen=True, slots=True)
class Block:
    """One block: rows of its header and below it, its columns, and its columns of keys.

    rows: down to the next header or the end of the sheet; between: above its header, up to the
    header before.
    """

    header: range
    rows: range
    columns: range
    between: range
    keys: Mapping[AxisName, Sequence[int]]


def is_headed(entry: str, cell: Cell) -> bool:
    """Whether a cell is the heading that the card names, as printed or by a pattern for all of it.

    A blank entry fits none: what it means depends on what stands below.
    """
    label = normalise_label(cell.text)
    if cell.blank or not is_pattern(entry):
        return not cell.blank and label == normalise_label(entry)
    return re.fullmatch(entry[1:-1], label) is not None


def header_rows(axes: AxesCard, block: Block, name: AxisName) -> Sequence[int]:
    """Rows of a block's header in which an axis stands, counted from 1."""
    across = axes.by_name[name].across
    return range(1, len(block.header) + 1) if across == "header" else across


def heads_over(grid: Grid, block: Block, column: int) -> Sequence[Cell]:
    """Header cells over a column, from the top; a merged block counts once."""
    cells = [grid.header_cell(row, column) for row in block.header]
    return [cell for cell in dict.fromkeys(cells) if not cell.blank]


def spread_headings(grid: Grid, header: range, columns: Sequence[int]) -> Grid:
    """The grid as if each heading were merged with the blanks on its right, over other headings.

    header: its rows, of which the last is left as it is; columns: of figures.
    """
    merged = dict(grid.merged)
    for row in header:
        left: tuple[int, int] | None = None
        for column in columns:
            place = (row, column)
            below = [grid.header_cell(r, column) for r in range(row + 1, header.stop)]
            if place in merged or not grid.cell(*place).blank:
                left = merged.get(place, place)
            elif left is not None and any(not cell.blank for cell in below):
                merged[place] = left
    return grid if len(merged) == len(grid.merged) else replace(grid, merged=merged)


def filled_down(grid: Grid, rows: range, columns: Sequence[int]) -> Grid:
    """The grid as if each key in some columns were merged with the blanks below it."""
    merged = dict(grid.merged)
    for column in columns:
        above: tuple[int, int] | None = None
        for row in rows:
            place = (row, column)
            if place in merged or not grid.cell(*place).blank:
                above = merged.get(place, place)
            elif above is not None and any(not cell.blank for cell in grid.rows[row - 1]):
                merged[place] = above
    return grid if len(merged) == len(grid.merged) else replace(grid, merged=merged)


def find_blocks(source: TableSource, axes: AxesCard) -> Sequence[Block]:
    """Find the blocks, from the top and from the left; exactly as many as the card says.

    Raises DocumentError.
    """
    grid = source.grid
    down = {name: axis.down for name, axis in axes.by_name.items() if axis.down}
    wanted = [text for texts in down.values() for text in texts]
    headers: list[range] = []
    places: list[Mapping[str, Sequence[Sequence[int]]]] = []
    for row in sorted(axes.header.at) or range(1, len(grid.rows) + 1):
        found = _places(source, axes, row, wanted)
        if found is None or (axes.header.below == "keys" and headers and row in headers[-1]):
            continue
        columns = [column for blocks in found.values() for block in blocks for column in block]
        below = axes.header.below
        last = _last_row(source, row, columns) if below == "keys" else row + below
        headers.append(range(row - axes.header.above, last + 1))
        places.append(found)
    blocks: list[Block] = []
    before = 0  # last row of the header before
    for i, (header, found) in enumerate(zip(headers, places, strict=True)):
        last = headers[i + 1].start - 1 if i + 1 < len(headers) else len(grid.rows)
        starts = [min(map(min, columns)) for columns in zip(*found.values(), strict=True)]
        starts[0] = 1
        for at, (start, end) in enumerate(
            zip(starts, [*(s - 1 for s in starts[1:]), grid.width], strict=True)
        ):
            keys = {
                name: tuple(column for text in texts for column in found[text][at])
                for name, texts in down.items()
            }
            rows, between = range(header.stop, last + 1), range(before + 1, header.start)
            blocks.append(Block(header, rows, range(start, end + 1), between, keys))
        before = header.stop - 1
    if len(blocks) != axes.blocks or any(block.header.start < 1 for block in blocks):
        raise _other_blocks(source, axes, blocks, wanted)
    return blocks


def _places(
    source: TableSource, axes: AxesCard, row: int, wanted: Sequence[str]
) -> Mapping[str, Sequence[Sequence[int]]] | None:
    """Columns of each heading in a row, block by block; None where one is missing in a block.

    What a pattern fits belongs together where the card says that there is one block.
    """
    cells = [source.grid.cell(row, column) for column in range(1, source.grid.width + 1)]
    found: dict[str, list[list[int]]] = {}
    for text in wanted:
        columns = [
            cell.column
            for cell in cells
            if is_headed(text, cell)
            or (not text and cell.blank and _holds_keys(source, row, cell.column))
        ]
        found[text] = [[column] for column in columns]
        if columns and is_pattern(text) and axes.blocks == 1:
            found[text] = [columns]
    counts = {len(columns) for columns in found.values()}
    return found if len(counts) == 1 and counts != {0} else None


def _last_row(source: TableSource, row: int, columns: Sequence[int]) -> int:
    """Last row of a header whose headings stand in a row: below it the first key stands."""
    for below in range(row + 1, len(source.grid.rows) + 1):
        cells = [source.grid.header_cell(below, column) for column in columns]
        if any(
            not cell.blank and cell.row == below and not is_heading(cell.text) for cell in cells
        ):
            return below - 1
    return len(source.grid.rows)


def _holds_keys(source: TableSource, row: int, column: int) -> bool:
    """Whether something stands in the row below: a blank heading stands over a column of keys."""
    place = (row, column)
    return place not in source.grid.merged and not source.grid.cell(row + 1, column).blank


def _other_blocks(
    source: TableSource, axes: AxesCard, blocks: Sequence[Block], wanted: Sequence[str]
) -> DocumentError:
    grid = source.grid
    headings = ", ".join(f"'{text}'" for text in wanted)
    found = f"{len(blocks)} blocks have the headings {headings} in one row"
    place: Cell | None = None
    nearest: Sequence[Cell] | None = None
    if len(blocks) > axes.blocks:
        block = blocks[axes.blocks]
        place = grid.cell(block.header.start, block.columns.start)
    elif not blocks:
        rows = [filled for row in grid.rows if (filled := [c for c in row if not c.blank])]
        nearest = max(
            rows,
            key=lambda row: sum(any(is_headed(text, cell) for cell in row) for text in wanted),
            default=None,
        )
        place = None if nearest is None else nearest[0]
        if nearest is not None:
            found = f"no row has the headings {headings}; the likest is '"
            found += ",".join(" ".join(cell.text.split()) for cell in nearest[:_SHOWN]) + "'"
    if blocks:
        advice = f"If that is right, {says_axes(source, {'blocks': len(blocks)})}"
    else:
        gone = (
            name
            for name, axis in axes.by_name.items()
            if axis.down
            and not any(is_headed(t, cell) for t in axis.down for cell in nearest or ())
        )
        name = next(gone, "indicator")
        other = next((" ".join(c.text.split()) for c in nearest or ()), "its heading there")
        advice = f"If it is the header, {says_axes(source, {name: {'down': other}})}"
    return grid.error(
        place,
        found=found,
        expected=f"{axes.blocks} of the table's blocks, as the card says",
        advice=advice,
        lacks=None if blocks else "layout",
    )
