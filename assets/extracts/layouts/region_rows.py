"""Layout `region_rows`: one line for each region and year, a column for each indicator.

The card names the columns of region, year and flags (`status_column`), the meaning and unit of the
others (`labels`, `units`, `ignore`), and may keep to some years (`only_years`). Belongs here:
reading such a table. Not here: judging the figures.
"""

from collections.abc import Sequence

from assets.extracts.figure import Figure, TableFigures, TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.labels import Label, LabelBook, UnitBook
from assets.extracts.layouts.cells import year_status
from assets.extracts.layouts.flags import flags_of, refuse_unnamed_flags
from assets.extracts.layouts.region_cells import read_region
from assets.extracts.layouts.years import below_the_table, require_year
from assets.extracts.printed_text import is_note
from assets.extracts.registry import normalise_label
from assets.extracts.status import least_sure
from assets.extracts.units import Unit

Column = tuple[int, Label, Unit, str]  # place in the line, label, unit, printed unit


def read(source: TableSource) -> TableFigures:
    """Read every line of the years wanted; one in doubt is kept as a fault, and the next is read.

    Raises DocumentError where the header is in doubt.
    """
    header = next((row for row in source.grid.rows if any(not cell.blank for cell in row)), ())
    region_at = _place(source, header, "region_column", source.table.region_column)
    year_at = _place(source, header, "year_column", source.table.year_column)
    labels = LabelBook(source.table, source.number, source.grid)
    keys = {region_at, year_at}
    flags_at = None
    if source.table.status_column is not None:
        flags_at = _place(source, header, "status_column", source.table.status_column)
        keys.add(flags_at)
    refuse_unnamed_flags(source, header)
    columns = _columns(source, header, keys, labels)
    figures: list[Figure] = []
    met: dict[tuple[str, int], Cell] = {}
    accounted: set[tuple[int, int]] = set()
    taken = {at for at, *_ in columns}
    in_notes = False
    for row in source.grid.rows[header[0].row :]:
        filled = [cell for cell in row if not cell.blank]
        if not filled:
            continue
        in_notes = in_notes or (is_note(filled[0].text) and len(filled) == 1)
        if in_notes:
            with source.faults.kept():
                if len(filled) > 1:
                    raise below_the_table(source, filled[0])
            continue
        with source.faults.kept():
            _require_width(source, row, header)
            year = require_year(source, row[year_at])
            region = read_region(source, row[region_at], year)
            _require_first(source, met, (region, year), row[year_at])
            wanted = taken if source.table.wants_year(year) else set()
            accounted |= {(c.row, c.column) for at, c in enumerate(row) if at not in wanted}
            if source.table.wants_year(year):
                flags = flags_of(source, None if flags_at is None else row[flags_at])
                figures += [
                    Figure(
                        row[at],
                        label.text,
                        str(label.indicator),
                        region,
                        year,
                        unit,
                        printed,
                        note="; ".join(flags.notes) or None,
                        status=least_sure(
                            (flags.status, label.status, year_status(row[year_at].text))
                        ),
                    )
                    for at, label, unit, printed in columns
                ]
    return TableFigures(figures, frozenset(labels.seen), frozenset(accounted))


def _place(source: TableSource, header: Sequence[Cell], key: str, name: str | None) -> int:
    wanted = normalise_label(name or "")
    found = [i for i, cell in enumerate(header) if normalise_label(cell.text) == wanted]
    if len(found) != 1:
        raise source.grid.error(
            header[0] if header else None,
            found=f"the header is '{','.join(cell.text for cell in header)}'",
            expected=f"one column '{name}', as the card says in {key}",
            advice=f'Correct tables."{source.number}".{key} in the card.',
        )
    return found[0]


def _columns(
    source: TableSource, header: Sequence[Cell], keys: set[int], labels: LabelBook
) -> list[Column]:
    units = UnitBook(source.table, source.number, source.grid)
    columns = []
    for place, cell in enumerate(header):
        if place not in keys:
            with source.faults.kept():
                label = labels.resolve(cell, [cell.text])
                if label.indicator is not None:
                    columns.append((place, label, *units.of(cell, label)))
    return columns


def _require_width(source: TableSource, row: Sequence[Cell], header: Sequence[Cell]) -> None:
    if len(row) != len(header):
        raise source.grid.error(
            row[-1],
            found=f"the line has {len(row)} fields",
            expected=f"{len(header)} fields, as the header has",
            advice="Put quotes around a text that contains a comma, and keep empty fields.",
        )


def _require_first(
    source: TableSource, met: dict[tuple[str, int], Cell], place: tuple[str, int], cell: Cell
) -> None:
    before = met.setdefault(place, cell)
    if before is not cell:
        raise source.grid.error(
            cell,
            found=f"{place[0]} {place[1]} stands in line {before.row} already",
            expected="one line for each region and year",
            advice="Look at the document; the figures cannot be taken as they stand.",
        )
