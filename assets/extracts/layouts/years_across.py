"""Tables whose years run across: one labelled row per indicator.

Belongs here: reading such a block once its header row is known. Not here: what stands above it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assets.extracts.figure import Figure, TableFigures, TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.labels import Label, LabelBook, UnitBook, is_heading, is_unit_heading
from assets.extracts.layouts.accounting import holds_number, left_out, no_year, not_taken
from assets.extracts.layouts.cells import year_status
from assets.extracts.layouts.years import (
    below_the_table,
    looks_like_year,
    read_years,
    refuse_merged,
    require_width,
)
from assets.extracts.printed_text import is_note
from assets.extracts.status import least_sure


@dataclass(frozen=True, slots=True)
class _Columns:
    """Columns of the block: years, labels (Chinese and English), units, left out by name."""

    years: dict[int, tuple[int, Cell]]  # column → year, and the cell that prints it
    labels: tuple[int, ...]
    unit: int | None
    left_out: frozenset[int]


def find_header_row(source: TableSource) -> int:
    """Find the row of years: the first in which at least half of what follows the label is a year.

    Raises DocumentError where there is none, or where a label instead of a heading begins it.
    """
    for row in source.grid.rows:
        after = [cell for cell in row[1:] if not cell.blank]
        years = [cell for cell in after if looks_like_year(cell)]
        if years and 2 * len(years) >= len(after):
            first = source.grid.header_cell(row[0].row, 1)
            if first.blank or is_heading(first.text):
                return row[0].row
            raise _no_header(source, row[0])
    raise _no_header(source, source.grid.cell(1, 1))


def read_across(source: TableSource, header_row: int, units: UnitBook) -> TableFigures:
    """Read every row below the header; a row in doubt is kept as a fault, and the next is read.

    Raises DocumentError where the header is in doubt.
    """
    columns = _columns(source, header_row)
    labels = LabelBook(source.table, source.number, source.grid)
    figures: list[Figure] = []
    accounted = {(header_row, column) for column in columns.years}
    in_notes = False
    for row in source.grid.rows[header_row:]:
        accounted |= {(cell.row, cell.column) for cell in row if cell.column in columns.left_out}
        filled = [c for c in row if not c.blank and c.column not in columns.left_out]
        values = [cell for cell in filled if cell.column in columns.years]
        if not filled or (in_notes and not values):
            continue
        with source.faults.kept():
            if in_notes:
                raise below_the_table(source, values[0])
            _refuse_stray(source, filled, columns)
            label = _label(source, row, columns, labels, has_values=bool(values))
            if label is None:
                in_notes = is_note(filled[0].text)
            else:
                require_width(source, row[0].row, header_row)
                figures += _row_figures(source, row[0].row, columns, label, units)
                if label.indicator is None:
                    accounted |= {(cell.row, cell.column) for cell in row}
    return TableFigures(figures, frozenset(labels.seen), frozenset(accounted))


def _columns(source: TableSource, header_row: int) -> _Columns:
    grid = source.grid
    cells = {column: grid.header_cell(header_row, column) for column in range(1, grid.width + 1)}
    by_name = frozenset(column for column, cell in cells.items() if left_out(source, cell))
    heads = {c: cell for c, cell in cells.items() if not cell.blank and c not in by_name}
    first = next((column for column, cell in heads.items() if looks_like_year(cell)), None)
    if first is None:
        raise _no_header(source, grid.cell(header_row, 1))
    right = [c for c, cell in heads.items() if c > first and is_heading(cell.text)]
    year_columns = [c for c in heads if c >= first and c not in right]
    years = read_years(source, [heads[column] for column in year_columns])
    by_column = dict(zip(year_columns, years.items(), strict=True))
    unit = next((c for c, cell in heads.items() if is_unit_heading(cell.text)), None)
    stub = [c for c in (*range(1, first), *right) if c != unit and c not in by_name]
    _refuse_numbers_beside_labels(source, header_row, stub)
    return _Columns(by_column, tuple(stub), unit, by_name)


def _refuse_numbers_beside_labels(
    source: TableSource, header_row: int, stub: Sequence[int]
) -> None:
    """Stop at a column of figures whose heading is no year: it would pass for labels."""
    for column in stub:
        head = source.grid.header_cell(header_row, column)
        for row in source.grid.rows[header_row:]:
            cell = source.grid.cell(row[0].row if row else 0, column)
            if holds_number(cell):
                lost_heading = head.blank or is_heading(head.text)
                raise not_taken(source, cell) if lost_heading else no_year(source, head)


def _refuse_stray(source: TableSource, filled: Sequence[Cell], columns: _Columns) -> None:
    known = {*columns.years, *columns.labels, columns.unit}
    for cell in filled:
        if cell.column not in known and not is_note(filled[0].text):
            raise source.grid.error(
                cell,
                found=f"'{cell.text}' stands under no year",
                expected="a year above every figure",
                advice="Look at the header: a year is missing, or the row slipped a column.",
            )


def _label(
    source: TableSource,
    row: Sequence[Cell],
    columns: _Columns,
    labels: LabelBook,
    *,
    has_values: bool,
) -> Label | None:
    """Resolve a row's label; None for headings and notes, which carry no figures."""
    stub = [
        source.grid.cell(row[0].row, column)
        for column in columns.labels
        if not source.grid.cell(row[0].row, column).blank
    ]
    if not stub:
        place = next(cell for cell in row if not cell.blank)
        raise source.grid.error(
            place,
            found=f"'{place.text}' stands in a row without a label",
            expected="a label at the beginning of the row",
            advice="Look at the document: the label was lost.",
        )
    texts = [cell.text for cell in stub]
    if not has_values:
        if all(is_heading(text) for text in texts):
            return None
        known = labels.find(stub[0], texts)
        if known is None and is_note(stub[0].text):
            return None
    return labels.resolve(stub[0], texts)


def _row_figures(
    source: TableSource, row: int, columns: _Columns, label: Label, units: UnitBook
) -> Iterator[Figure]:
    if label.indicator is None:
        return
    printed = source.grid.cell(row, columns.unit).text.strip() if columns.unit else ""
    place = source.grid.cell(row, columns.labels[0])
    unit, printed_unit = units.of(place, label, printed or None)
    for column, (year, head) in columns.years.items():
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


def _no_header(source: TableSource, cell: Cell) -> Exception:
    return source.grid.error(
        cell,
        found="there is no header row of years above or in this row",
        expected="a row such as 指标, 2019年, 2018年",
        advice="Look at the document: the header was lost, or the table has another layout.",
        lacks="layout",
    )
