"""The figures of one row.

Belongs here: each with its unit, flags, quality and notes, by its row and its column. Not here:
what row and column are about (keys.py, columns.py), judging figures (taken/).
"""

from collections.abc import Iterator
from dataclasses import replace

from assets.extracts.cards.card import QUALITIES
from assets.extracts.figure import Figure, TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.layouts.axes.keys import KeyReader
from assets.extracts.layouts.axes.place import Columns, Place, stated
from assets.extracts.layouts.flags import flags_of, split_flags
from assets.extracts.layouts.mending import says_axes, says_left_out
from assets.extracts.layouts.unread_columns import power_of_ten
from assets.extracts.layouts.years import refuse_merged, require_year
from assets.extracts.meaning.status import Flags, Status, least_sure
from assets.extracts.meaning.units import scaled
from assets.extracts.regions.region import STILL
from assets.extracts.unit_book import UnitBook


class FigureReader:
    """The figures of one table."""

    def __init__(self, source: TableSource, keys: KeyReader) -> None:
        self.source = source
        self.grid = keys.grid
        self.axes = keys.axes
        self.keys = keys

    def of_row(
        self, row: int, columns: Columns, of_row: Place, units: UnitBook
    ) -> Iterator[Figure]:
        """Every figure of a row. of_row: what its keys, and the texts around it, say."""
        if of_row.label is not None and of_row.label.indicator is None:
            return
        said = flags_of(self.source, stated(self.grid, row, columns, "flags")).notes
        remark = stated(self.grid, row, columns, "note")
        notes = (*([] if remark is None else [remark.text.strip()]), *said)
        beside = stated(self.grid, row, columns, "unit")
        quality = self._quality(stated(self.grid, row, columns, "quality"))
        power = self._power(stated(self.grid, row, columns, "multiplier"))
        final_until = self._final_until(stated(self.grid, row, columns, "estimates_after"))
        for column, of_column in columns.figures.items():
            place = of_row.with_(of_column)
            cell = self.grid.cell(row, column)
            flags = self._flags(columns, cell)
            label, year = place.label, place.year
            assert label is not None
            assert label.indicator is not None
            assert year is not None
            if not self.source.table.wants_year(year):
                continue
            region = self.keys.region(place, year)
            refuse_merged(self.source, cell)
            said_unit = beside.text.strip() or None if beside else None
            unit, printed_unit = units.of(
                beside or place.cell or cell, label, said_unit, formatted=cell
            )
            if power:
                unit, printed_unit = scaled(unit, power), f"{printed_unit} × 10^{power}"
            estimated: Status | None = "estimated" if year > final_until else None
            number = cell.number if self.axes.flags != "behind" else split_flags(cell.text)[0]
            yield Figure(
                cell if number == cell.text else replace(cell, text=number),
                label.text,
                label.indicator,
                region,
                year,
                unit,
                printed_unit,
                quality=quality,
                note="; ".join(filter(None, (*notes, *flags.notes))) or None,
                status=least_sure((place.status, estimated, flags.status)),
            )

    def _flags(self, columns: Columns, cell: Cell) -> Flags:
        """What is said of one figure alone: in the column beside it, or behind the number."""
        if self.axes.flags == "behind":
            return flags_of(self.source, replace(cell, text=split_flags(cell.text)[1]))
        beside = columns.beside.get(cell.column)
        return flags_of(self.source, None if beside is None else self.grid.cell(cell.row, beside))

    def _power(self, cell: Cell | None) -> int:
        """The power of ten that goes with the unit."""
        if cell is None:
            return 0
        try:
            return power_of_ten(cell.text)
        except ValueError as error:
            raise self.grid.error(
                cell,
                found=str(error),
                expected="a power of ten such as 6, or a word such as Millions",
                advice="If the line is not wanted, "
                + says_left_out(self.source, "rows", replace(cell, text="")),
            ) from error

    def _final_until(self, cell: Cell | None) -> int:
        """The last year whose figure is no estimate, where a column says it."""
        return STILL if cell is None or cell.blank else require_year(self.source, cell)

    def _quality(self, cell: Cell | None) -> str | None:
        if cell is None or cell.blank:
            return None
        if cell.text.strip() not in QUALITIES:
            raise self.grid.error(
                cell,
                found=f"'{cell.text}' is no quality",
                expected=" or ".join(QUALITIES),
                advice="If the column says something else, "
                + says_axes(self.source, {"quality": None, "note": self.axes.quality}),
            )
        return cell.text.strip()
