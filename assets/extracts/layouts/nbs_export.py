"""Layout `nbs_export`: a table exported from the query site of the National Bureau of Statistics.

Belongs here: the lines above the table (数据库：…, 地区：…, 时间：…) and the header 指标. Not here:
reading the block itself. The region line must name the card's region; national tables have none.
"""

import re

from assets.extracts.errors import DocumentError
from assets.extracts.figure import TableFigures, TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.labels import UnitBook
from assets.extracts.layouts.years_across import read_across
from assets.extracts.registry import normalise_label, regions, regions_named

_TITLE = re.compile(r"^\s*(?P<key>[^:：]{1,12})[:：]\s*(?P<value>.*\S)?\s*$")


def read(source: TableSource) -> TableFigures:
    """Read one export. Raises DocumentError at the first cell that is in doubt."""
    header_row = _header_row(source)
    _check_region(source, header_row)
    units = UnitBook(source.table, source.number, source.grid)
    return read_across(source, header_row, units)


def _header_row(source: TableSource) -> int:
    for row in source.grid.rows:
        if row and normalise_label(row[0].text) == "指标":
            return row[0].row
    raise source.grid.error(
        next((cell for row in source.grid.rows for cell in row), None),
        found="no row begins with 指标",
        expected="a header row such as 指标, 2019年, 2018年",
        advice="Look at the document: the header was lost, or the table has another layout.",
    )


def _check_region(source: TableSource, header_row: int) -> None:
    named = None
    for row in source.grid.rows[: header_row - 1]:
        for cell in row:
            match = _TITLE.match(cell.text)
            if match and match["key"].strip() == "地区":
                named = cell
                if source.region not in regions_named(match["value"] or ""):
                    raise _other_region(source, cell, f"'{cell.text.strip()}' heads the table")
    if named is None and not regions()[source.region].is_nation:
        cell = source.grid.cell(header_row, 1)
        raise _other_region(source, cell, "no line 地区：… stands above the table")


def _other_region(source: TableSource, cell: Cell, found: str) -> DocumentError:
    region = regions()[source.region]
    return source.grid.error(
        cell,
        found=found,
        expected=f"{region.name_zh} ({region.code}), the region of the card",
        advice="Correct region in the card, or export the table of the right region.",
    )
