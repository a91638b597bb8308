"""Layout `tidy_csv`: one figure per line, as the project types single figures from texts.

Columns: indicator, region, year, value, unit, and optionally note, quality and the one of flags
that the card names (`status_column`). Belongs here: reading such a file. Not here: judging the
figures.
"""

from collections.abc import Mapping, Sequence
from typing import get_args

from assets.extracts.card import Card
from assets.extracts.figure import Figure, TableFigures, TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.labels import LabelBook, UnitBook
from assets.extracts.layouts.cells import year_status
from assets.extracts.layouts.flags import flags_of, refuse_unnamed_flags
from assets.extracts.layouts.region_cells import read_region
from assets.extracts.layouts.years import require_year
from assets.extracts.status import least_sure

_REQUIRED = ("indicator", "region", "year", "value", "unit")
_OPTIONAL = ("note", "quality")
_QUALITIES: tuple[str, ...] = get_args(Card.model_fields["quality"].annotation)


def read(source: TableSource) -> TableFigures:
    """Read every line; one in doubt is kept as a fault, and the next is read.

    Raises DocumentError where the header is in doubt.
    """
    columns, header_row = _header(source)
    labels = LabelBook(source.table, source.number, source.grid)
    units = UnitBook(source.table, source.number, source.grid)
    figures = []
    accounted: set[tuple[int, int]] = set()
    for row in source.grid.rows[header_row:]:
        if all(cell.blank for cell in row):
            continue
        with source.faults.kept():
            if len(row) != len(columns):
                raise source.grid.error(
                    row[-1],
                    found=f"the line has {len(row)} fields",
                    expected=f"{len(columns)} fields, as the header has",
                    advice="Put quotes around a text that contains a comma, and keep empty fields.",
                )
            figure = _figure(source, dict(zip(columns, row, strict=True)), labels, units)
            accounted |= {(cell.row, cell.column) for cell in row}
            if figure is not None:
                accounted.remove((figure.cell.row, figure.cell.column))
                figures.append(figure)
    with source.faults.kept():
        _check_region(source, figures)
    return TableFigures(figures, frozenset(labels.seen), frozenset(accounted))


def _header(source: TableSource) -> tuple[Sequence[str], int]:
    cells = next((row for row in source.grid.rows if any(not cell.blank for cell in row)), ())
    names = [cell.text.strip() for cell in cells]
    refuse_unnamed_flags(source, cells)
    flags = () if source.table.status_column is None else (source.table.status_column,)
    missing = [name for name in (*_REQUIRED, *flags) if name not in names]
    strange = [name for name in names if name not in (*_REQUIRED, *_OPTIONAL, *flags)]
    if missing or strange or len(set(names)) != len(names):
        raise source.grid.error(
            cells[0] if cells else None,
            found=f"the header is '{','.join(names)}'",
            expected=f"the columns {', '.join((*_REQUIRED, *flags))}, and optionally "
            f"{', '.join(_OPTIONAL)}",
            advice="Correct the first line of the file, or status_column in the card.",
            lacks="layout",
        )
    return names, cells[0].row


def _figure(
    source: TableSource, line: Mapping[str, Cell], labels: LabelBook, units: UnitBook
) -> Figure | None:
    label = labels.resolve(line["indicator"], [line["indicator"].text])
    if label.indicator is None:
        return None
    unit, printed_unit = units.of(line["unit"], label, line["unit"].text.strip() or None)
    note = line["note"].text.strip() if "note" in line else ""
    flags = flags_of(source, line.get(source.table.status_column or ""))
    year, place = require_year(source, line["year"]), line["region"]
    return Figure(
        cell=line["value"],
        label=label.text,
        indicator=label.indicator,
        region=source.region if place.blank else read_region(source, place, year),
        reference_year=year,
        unit=unit,
        printed_unit=printed_unit,
        quality=_quality(source, line.get("quality")),
        note="; ".join(filter(None, (note, *flags.notes))) or None,
        status=least_sure((flags.status, label.status, year_status(line["year"].text))),
    )


def _quality(source: TableSource, cell: Cell | None) -> str | None:
    if cell is None or cell.blank:
        return None
    if cell.text.strip() not in _QUALITIES:
        raise source.grid.error(
            cell,
            found=f"'{cell.text}' is no quality",
            expected=" or ".join(_QUALITIES),
            advice="Correct the cell, or leave it empty to take the card's quality.",
        )
    return cell.text.strip()


def _check_region(source: TableSource, figures: Sequence[Figure]) -> None:
    if figures and all(figure.region != source.region for figure in figures):
        raise source.grid.error(
            figures[0].cell,
            found=f"all figures are about {figures[0].region} or other regions",
            expected=f"figures about {source.region}, the region of the card",
            advice="Correct region in the card, or the file.",
        )
