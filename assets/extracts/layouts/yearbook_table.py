"""Layout `yearbook_table`: a printed yearbook's table, Chinese and English, years down or across.

Belongs here: the lines above the table (title, unit) and the choice between both directions. Not
here: reading the block itself.
"""

from assets.extracts.figure import TableFigures, TableSource
from assets.extracts.labels import UnitBook
from assets.extracts.layouts.years_across import find_header_row, read_across
from assets.extracts.layouts.years_down import find_block, read_down


def read(source: TableSource) -> TableFigures:
    """Read one table. Raises DocumentError at the first cell that is in doubt."""
    units = UnitBook(source.table, source.number, source.grid)
    if source.table.years == "across":
        header_row = find_header_row(source)
        _take_units(source, header_row, units)
        return read_across(source, header_row, units)
    block = find_block(source)
    _take_units(source, block.first, units)
    return read_down(source, block, units)


def _take_units(source: TableSource, first_row: int, units: UnitBook) -> None:
    for row in source.grid.rows[: first_row - 1]:
        for cell in row:
            units.take_line(cell)
