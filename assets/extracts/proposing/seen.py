"""What the cells of a sheet that no card describes may say, each by itself.

Belongs here: telling years, regions, labels, units, numbers and notes apart, and the one function
that writes a table's entry of a card. Not here: where in a sheet they stand.
"""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from assets.extracts.cards.card import TableCard
from assets.extracts.errors import DocumentError
from assets.extracts.files.grid import Cell, Grid
from assets.extracts.labels import Label, LabelBook, is_unit_heading, split_unit
from assets.extracts.layouts.axes.years import day_of, stated_year
from assets.extracts.layouts.cells import parse_number
from assets.extracts.layouts.years import FIRST_YEAR
from assets.extracts.meaning.printed_text import is_note, unit_line
from assets.extracts.meaning.registry import region_of
from assets.extracts.meaning.units import unit_of

NUMBER = "1"  # of the table while nothing else is known of it
LAST_YEAR = 2199  # while the edition is not known
_NEARLY_YEAR = re.compile(r"\s*(?:19|20)\d\d\D")


def table_entry(axes: Mapping[str, Any], **keys: Any) -> dict[str, Any]:
    """A table's entry of a card: its axes, and whatever else is known of it."""
    return {**keys, "axes": dict(axes)}


def table_card(entry: Mapping[str, Any]) -> TableCard:
    """The entry as the reader takes it."""
    return TableCard.model_validate(entry)


def any_table(keys: Mapping[str, Any] = MappingProxyType({})) -> TableCard:
    """A card for what is read without regard to axes."""
    return table_card(table_entry({"indicator": {"down": "-"}, "year": {"across": 1}}, **keys))


class Seen:
    """The cells of one sheet, each text looked at once.

    nearly: texts that begin with a year (2019年底) count as years, which the reader then refuses.
    """

    def __init__(self, grid: Grid, *, nearly: bool = False) -> None:
        self.grid = grid
        self._nearly = nearly
        self._any = any_table()
        self._book = LabelBook(self._any, NUMBER, grid)
        self._labels: dict[str, Label | None] = {}
        self._regions: dict[str, str | None] = {}
        self._numbers: dict[str, bool] = {}
        self._years: dict[tuple[str, str | None], bool] = {}

    def day(self, cell: Cell) -> str | None:
        """The day that stands for the year in a cell (01-01, 12-31); None for any other text."""
        day = None if cell.exact.strip().isdigit() else day_of(cell.exact)  # 20191231 may be any
        return None if day is None else day[1]

    def is_year(self, cell: Cell) -> bool:
        """Whether it may be read as a year, with or without a mark of status."""
        key = cell.exact, cell.problem
        if key not in self._years:
            self._years[key] = self._may_be_year(cell)
        return self._years[key]

    def _may_be_year(self, cell: Cell) -> bool:
        if self.day(cell) is not None:
            return True
        if self._nearly and cell.problem is None and _NEARLY_YEAR.match(cell.exact):
            return True
        assert self._any.axes is not None
        year = stated_year(cell, self._any.axes)
        return year is not None and FIRST_YEAR <= year <= LAST_YEAR

    def region(self, cell: Cell) -> str | None:
        """Code of the region it names, where it names one."""
        if cell.text not in self._regions:
            self._regions[cell.text] = region_of(cell.text)
        return self._regions[cell.text]

    def label(self, text: str) -> Label | None:
        """What a text means as a label; None where it is unknown, or would contradict itself."""
        if text not in self._labels:
            try:
                self._labels[text] = self._book.find(self.grid.cell(1, 1), [text])
            except DocumentError:
                self._labels[text] = None
        return self._labels[text]

    def unknown_name(self, cells: Sequence[Cell]) -> str | None:
        """How the card would name a label of these texts that means nothing; None for others."""
        texts = [cell.text for cell in cells]
        try:
            if not cells or self._book.find(cells[-1], texts) is not None:
                return None
            return self._book.name(cells[-1], texts)
        except DocumentError:
            return None

    def is_label(self, cell: Cell) -> bool:
        """Whether an indicator is known by it."""
        return not cell.blank and self.label(cell.text) is not None

    def is_number(self, cell: Cell) -> bool:
        """Whether it prints a number, a year included."""
        if cell.number not in self._numbers:
            try:
                parse_number(cell.number)
            except ValueError:
                self._numbers[cell.number] = False
            else:
                self._numbers[cell.number] = True
        return self._numbers[cell.number]

    def is_figure(self, cell: Cell) -> bool:
        """Whether it prints a number that can be neither a year nor a region's code."""
        return self.is_number(cell) and not self.is_year(cell) and self.region(cell) is None

    def is_unit(self, cell: Cell) -> bool:
        """Whether it is a unit and nothing else."""
        return unit_of(cell.text) is not None or is_unit_heading(cell.text)

    def is_aside(self, cell: Cell) -> bool:
        """Whether it is a line that any table may have: a unit's, or a note."""
        alone, unit = split_unit(cell.text)
        return (
            is_note(cell.text)
            or unit_line(cell.text) is not None
            or (unit is not None and not alone)
        )
