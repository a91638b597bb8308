"""Where the blocks of a table of three axes stand.

Belongs here: finding the headings of the columns that the card names, hence rows and columns of
each block. Not here: what stands in them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assets.extracts.axes_card import AxesCard, AxisName
from assets.extracts.errors import DocumentError
from assets.extracts.figure import TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.registry import normalise_label


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


def find_blocks(source: TableSource, axes: AxesCard) -> Sequence[Block]:
    """Find the blocks, from the top and from the left; exactly as many as the card says.

    Raises DocumentError.
    """
    grid = source.grid
    down = {name: axis.down for name, axis in axes.by_name.items() if axis.down}
    wanted = [text for texts in down.values() for text in texts]
    all_rows = axes.header.at or range(1, len(grid.rows) + 1)
    places = {
        row: found for row in all_rows if (found := _places(source, row, wanted, down)) is not None
    }
    tops = {row: row - axes.header.above for row in places}
    blocks: list[Block] = []
    before = 0  # last row of the header before
    for row in places:
        header = range(tops[row], row + axes.header.below + 1)
        after = [top for top in tops.values() if top > row]
        last = min(after) - 1 if after else len(grid.rows)
        starts = [min(columns) for columns in zip(*places[row].values(), strict=True)]
        starts[0] = 1
        for i, (start, end) in enumerate(
            zip(starts, [*(s - 1 for s in starts[1:]), grid.width], strict=True)
        ):
            keys = {
                name: tuple(places[row][text][i] for text in texts) for name, texts in down.items()
            }
            columns, between = range(start, end + 1), range(before + 1, header.start)
            block = Block(header, range(header.stop, last + 1), columns, between, keys)
            blocks.append(block)
        before = header.stop - 1
    if len(blocks) != axes.blocks or any(block.header.start < 1 for block in blocks):
        raise _other_blocks(source, axes, blocks, wanted)
    return blocks


def _places(
    source: TableSource, row: int, wanted: Sequence[str], down: Mapping[AxisName, Sequence[str]]
) -> Mapping[str, Sequence[int]] | None:
    """Columns of each heading in a row; None where one is missing or stands more often."""
    cells = [source.grid.cell(row, column) for column in range(1, source.grid.width + 1)]
    found: dict[str, list[int]] = {}
    for text in wanted:
        label = normalise_label(text)
        columns = [
            cell.column
            for cell in cells
            if (not cell.blank and normalise_label(cell.text) == label)
            or (not label and cell.blank and _holds_keys(source, row, cell.column))
        ]
        found[text] = columns
    counts = {len(columns) for columns in found.values()}
    return found if len(counts) == 1 and counts != {0} else None


def _holds_keys(source: TableSource, row: int, column: int) -> bool:
    """Whether something stands in the row below: a blank heading stands over a column of keys."""
    place = (row, column)
    return place not in source.grid.merged and not source.grid.cell(row + 1, column).blank


def _other_blocks(
    source: TableSource, axes: AxesCard, blocks: Sequence[Block], wanted: Sequence[str]
) -> DocumentError:
    second: Cell | None = None
    if len(blocks) > axes.blocks:
        block = blocks[axes.blocks]
        second = source.grid.cell(block.header.start, block.columns.start)
    headings = ", ".join(f"'{text}'" for text in wanted)
    return source.grid.error(
        second,
        found=f"{len(blocks)} blocks have the headings {headings} in one row",
        expected=f"{axes.blocks}, as the card says",
        advice=f'Compare tables."{source.number}".axes (down, blocks, header) in the card with '
        "the document.",
    )
