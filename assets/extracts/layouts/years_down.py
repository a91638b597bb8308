"""Tables whose years run down: one labelled column per indicator.

Belongs here: reading such a block with its header of one or more rows, in one or two languages.
Not here: what stands above the header.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assets.extracts.figure import Figure, TableFigures, TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.labels import Label, LabelBook, UnitBook, is_heading
from assets.extracts.layouts.accounting import holds_number, left_out
from assets.extracts.layouts.cells import parse_year, year_status
from assets.extracts.layouts.years import (
    below_the_table,
    looks_like_year,
    read_years,
    refuse_merged,
    require_width,
    require_year,
)
from assets.extracts.printed_text import is_note, unit_line
from assets.extracts.status import least_sure


@dataclass(frozen=True, slots=True)
class Block:
    """Where the table stands: rows of its header, rows of its years, the column of the years."""

    top: int
    first: int
    last: int
    column: int


def find_block(source: TableSource) -> Block:
    """Find the column of years and the heading above it. Raises DocumentError without either."""
    grid = source.grid
    places = [cell for row in grid.rows for cell in row if looks_like_year(cell)]
    column = min((cell.column for cell in places), default=None)
    if column is None:
        raise _no_header(source, grid.cell(1, 1))
    years = [cell.row for cell in places if cell.column == column]
    heads = [row for row in range(1, years[0]) if is_heading(grid.header_cell(row, column).text)]
    if not heads:
        raise _no_header(source, grid.cell(years[0], column))
    return Block(heads[0], years[0], years[-1], column)


def read_down(source: TableSource, block: Block, units: UnitBook) -> TableFigures:
    """Read every column right of the years; what is in doubt is kept, and the next is read.

    Raises DocumentError where the years are in doubt.
    """
    grid = source.grid
    rows = [
        row
        for row in range(block.first, block.last + 1)
        if any(not cell.blank for cell in grid.rows[row - 1])
        and not left_out(source, grid.header_cell(row, block.column))
    ]
    years = read_years(source, [grid.header_cell(row, block.column) for row in rows])
    by_row = dict(zip(rows, years.items(), strict=True))
    with source.faults.kept():
        _check_header(source, block)
    with source.faults.kept():
        _check_below(source, block)
    for row in rows:
        with source.faults.kept():
            require_width(source, row, block.first - 1)
    labels = LabelBook(source.table, source.number, grid)
    figures: list[Figure] = []
    accounted = _left_out(source, block) | {(row, block.column) for row in rows}
    for column in range(block.column + 1, grid.width + 1):
        heads = _heads(source, block, column)
        with source.faults.kept():
            if heads and all(is_heading(head.text) for head in heads):
                _check_repeated_years(source, by_row, column)
                accounted |= {(row, column) for row in rows}
            elif heads:
                label = labels.resolve(heads[-1], [head.text for head in heads])
                figures += _column_figures(source, by_row, column, heads[0], label, units)
                if label.indicator is None:
                    accounted |= {(row, column) for row in rows}
            else:
                _refuse_unlabelled(source, rows, column)
    return TableFigures(figures, frozenset(labels.seen), frozenset(accounted))


def _left_out(source: TableSource, block: Block) -> set[tuple[int, int]]:
    """Rows whose year the card leaves out by name ('十二五'时期), and columns left of the years."""
    grid = source.grid
    places = {
        (cell.row, cell.column)
        for row in grid.rows[block.top - 1 :]
        if row and left_out(source, grid.header_cell(row[0].row, block.column))
        for cell in row
    }
    for column in range(1, block.column):
        if any(left_out(source, head) for head in _heads(source, block, column)):
            places |= {(row, column) for row in range(block.first, block.last + 1)}
    return places


def _heads(source: TableSource, block: Block, column: int) -> Sequence[Cell]:
    """Header cells above a column, top first; a merged block counts once."""
    cells = [source.grid.header_cell(row, column) for row in range(block.top, block.first)]
    return [
        cell for cell in dict.fromkeys(cells) if not cell.blank and unit_line(cell.text) is None
    ]


def _column_figures(
    source: TableSource,
    by_row: dict[int, tuple[int, Cell]],
    column: int,
    place: Cell,
    label: Label,
    units: UnitBook,
) -> Iterator[Figure]:
    if label.indicator is None:
        return
    unit, printed_unit = units.of(place, label)
    for row, (year, head) in by_row.items():
        cell = source.grid.cell(row, column)
        refuse_merged(source, cell)
        yield Figure(
            cell,
            label.text,
            label.indicator,
            source.region,
            year,
            unit,
            printed_unit,
            status=least_sure((label.status, year_status(head.text))),
        )


def _check_header(source: TableSource, block: Block) -> None:
    """Above the first year no figures may stand: such a row has lost its year."""
    for row in range(block.top, block.first):
        head = source.grid.header_cell(row, block.column)
        if left_out(source, head):
            continue
        if not head.blank and not is_heading(head.text):
            require_year(source, head)
        for cell in source.grid.rows[row - 1]:
            if cell.column > block.column and holds_number(cell):
                raise source.grid.error(
                    cell,
                    found=f"the figure '{cell.text}' stands in the header",
                    expected="labels above the figures, and a year beside every figure",
                    advice="Look at the document: the year of this row was lost.",
                )


def _check_below(source: TableSource, block: Block) -> None:
    """Below the last year only notes may stand; a row of figures there has lost its year."""
    in_notes = False
    for row in source.grid.rows[block.last :]:
        filled = [cell for cell in row if not cell.blank]
        if not filled or left_out(source, source.grid.header_cell(row[0].row, block.column)):
            continue
        in_notes = in_notes or is_note(filled[0].text)
        if not in_notes or any(holds_number(cell) for cell in filled[1:]):
            raise below_the_table(source, filled[0])


def _check_repeated_years(
    source: TableSource, by_row: dict[int, tuple[int, Cell]], column: int
) -> None:
    """A second column of years, as wide tables have on the right, must repeat the first."""
    for row, (year, _) in by_row.items():
        cell = source.grid.cell(row, column)
        if parse_year(cell.exact) != year:
            raise source.grid.error(
                cell,
                found=f"'{cell.text}' stands in the second column of years",
                expected=f"the year {year} again",
                advice="Look at the document: the rows have slipped.",
            )


def _refuse_unlabelled(source: TableSource, rows: Sequence[int], column: int) -> None:
    for row in rows:
        cell = source.grid.cell(row, column)
        if not cell.blank:
            raise source.grid.error(
                cell,
                found=f"'{cell.text}' stands in a column without a label",
                expected="a label above every figure",
                advice="Look at the header: a label is missing, or the row slipped a column.",
            )


def _no_header(source: TableSource, cell: Cell) -> Exception:
    return source.grid.error(
        cell,
        found="there is no column of years with a heading above this row",
        expected="a heading such as 年份 or Year, with years below it",
        advice="Look at the document: the header was lost, or the table has another layout.",
        lacks="layout",
    )
