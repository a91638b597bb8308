"""Layout `nbs_export`: a table exported from the query site of the National Bureau of Statistics.

Belongs here: the lines above the table (数据库：…, 地区：…, 时间：…) and the header 指标. Not here:
reading the block itself, and whether the region is the card's. Of a province there must be a region
line; national tables have none. The site's English exports (Region: …, Indicators) are the same.
"""

from assets.extracts.figure import TableFigures, TableSource
from assets.extracts.labels import UnitBook
from assets.extracts.layouts.years_across import read_across
from assets.extracts.region_statements import region_lines
from assets.extracts.registry import normalise_label, regions

_HEADINGS = frozenset(("指标", "indicator", "indicators"))


def read(source: TableSource) -> TableFigures:
    """Read one export. Raises DocumentError at the first cell that is in doubt."""
    header_row = _header_row(source)
    _require_region_line(source, header_row)
    units = UnitBook(source.table, source.number, source.grid)
    return read_across(source, header_row, units)


def _header_row(source: TableSource) -> int:
    for row in source.grid.rows:
        if row and normalise_label(row[0].text) in _HEADINGS:
            return row[0].row
    raise source.grid.error(
        next((cell for row in source.grid.rows for cell in row), None),
        found="no row begins with 指标 or Indicators",
        expected="a header row such as 指标, 2019年, 2018年",
        advice="Look at the document: the header was lost, or the table has another layout.",
        lacks="layout",
    )


def _require_region_line(source: TableSource, header_row: int) -> None:
    region = regions()[source.region]
    above = (line for line in region_lines(source.grid) if line.cell.row < header_row)
    if not region.is_nation and not any(above):
        raise source.grid.error(
            source.grid.cell(header_row, 1),
            found="no line 地区：… or Region: … stands above the table",
            expected=f"{region.name_zh} ({region.code}), the region of the card",
            advice="Export the table again with the lines above it; if it is the nation's, put "
            "region: CN into the card.",
        )
