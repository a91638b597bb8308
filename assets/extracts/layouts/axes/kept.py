"""What the card takes of a table of three axes, and what it leaves out.

Belongs here: rows and columns by their texts, patterns and places, values of a column, regions, and
texts with the rows below them. Not here: what is read of those that are taken.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assets.extracts.cards.axes_card import AxesCard, is_pattern
from assets.extracts.figure import TableSource
from assets.extracts.files.grid import Cell, Grid, column_letters
from assets.extracts.labels import split_unit
from assets.extracts.layouts.axes.blocks import Block, header_rows
from assets.extracts.layouts.axes.place import Columns
from assets.extracts.layouts.axes.row_headings import heading_gone, row_heading
from assets.extracts.layouts.mending import says_left_out
from assets.extracts.layouts.region_cells import regions_meant
from assets.extracts.meaning.printed_text import is_note
from assets.extracts.meaning.registry import normalise_label

_ROWS = re.compile(r"rows? (?P<first>[1-9][0-9]*)(?:-(?P<last>[1-9][0-9]*))?")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What the card leaves out of rows or of columns: labels, patterns and places."""

    names: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]
    places: tuple[range, ...]

    @staticmethod
    def of(entries: Sequence[str], kind: Literal["row", "column"]) -> "LeftOut":
        """The entries of a card, taken apart once for all rows."""
        stated = [_ROWS.fullmatch(entry) if kind == "row" else None for entry in entries]
        others = [e for e, place in zip(entries, stated, strict=True) if place is None]
        places = [
            range(int(place["first"]), int(place["last"] or place["first"]) + 1)
            for place in stated
            if place
        ]
        names = (normalise_label(entry) for entry in others if not is_pattern(entry))
        patterns = (re.compile(entry[1:-1]) for entry in others if is_pattern(entry))
        return LeftOut(frozenset(names), tuple(patterns), tuple(places))

    def has(self, texts: Sequence[str], place: int, letters: str = "") -> bool:
        """Whether a row, or column of these letters, with these texts is left out."""
        labels = [normalise_label(text) for text in texts if text.strip()]
        return (
            not self.names.isdisjoint([*labels, normalise_label(f"column {letters}")])
            or any(place in rows for rows in self.places)
            or any(pattern.search(label) for pattern in self.patterns for label in labels)
        )


class Kept:
    """The rows and columns that one table's card takes."""

    def __init__(self, source: TableSource, grid: Grid, axes: AxesCard) -> None:
        self.source = source
        self.grid = grid
        self.axes = axes
        self._ignored = frozenset(normalise_label(name) for name in source.table.ignore)
        self._out_rows = LeftOut.of(axes.left_out.rows, "row")
        self._out_columns = LeftOut.of(axes.left_out.columns, "column")
        self._headings = dict.fromkeys(axes.left_out.under, False)  # → whether it was met

    def is_left_out(self, block: Block, row: int, filled: Sequence[Cell], columns: Columns) -> bool:
        """By a key or the first text of the row, or by the column that `only` chooses in."""
        wanted = frozenset(self.axes.only_regions)
        named = [self.grid.header_cell(row, column) for column in block.keys.get("region", ())]
        if wanted and named and not wanted & self._meant(named):
            return not is_note(filled[0].text)
        keys = [column for of_axis in block.keys.values() for column in of_axis]
        cells = [filled[0], *(self.grid.header_cell(row, column) for column in keys)]
        return self.is_named(row, [*cells, *self._not_chosen(row, columns)])

    def is_named(self, row: int | None, cells: Sequence[Cell]) -> bool:
        """Whether the card leaves a row or column out by one of its texts; row: None of a column.

        A label without its unit is named, too, unless it is a row's: those the label book knows.
        """
        texts = [cell.text for cell in cells if not cell.blank]
        named = {normalise_label(text) for text in texts}
        if row is None:
            named |= {normalise_label(split_unit(text)[0]) for text in texts}
        return not self._ignored.isdisjoint(named) or (
            row is not None and self._out_rows.has(texts, row)
        )

    def leaves_out(self, column: int, heads: Sequence[Cell]) -> bool:
        """Whether the card leaves a column out, by one of its headings or by its place."""
        texts = [head.text for head in heads]
        return self.is_named(None, heads) or self._out_columns.has(
            texts, column, column_letters(column)
        )

    def _not_chosen(self, row: int, columns: Columns) -> Sequence[Cell]:
        """Cells of a row that have another value than the one `only` takes."""
        cells = [(self.grid.cell(row, column), value) for column, value in columns.only.items()]
        return [cell for cell, value in cells if cell.text.strip() != value.strip()]

    def require_chosen(self, row: int, columns: Columns) -> None:
        """Stop at a row of another value than the one that the card takes by `only`."""
        for cell in self._not_chosen(row, columns):
            raise self.grid.error(
                cell,
                found=f"the card neither takes nor leaves out lines with '{cell.text.strip()}'",
                expected=f"'{columns.only[cell.column]}', as the card says under only",
                advice="If they are not wanted, " + says_left_out(self.source, "rows", cell),
            )

    def of_other_region(self, block: Block, column: int) -> bool:
        """Whether the card keeps to regions (`only_regions`) of which the column is none."""
        axis, wanted = self.axes.region, frozenset(self.axes.only_regions)
        if axis is None or not axis.across or not wanted:
            return False
        rows = [block.header[row - 1] for row in header_rows(self.axes, block, "region")]
        return not wanted & self._meant([self.grid.header_cell(row, column) for row in rows])

    def _meant(self, cells: Sequence[Cell]) -> frozenset[str]:
        """The regions that all of some cells may mean."""
        meant = [regions_meant(self.source, cell) for cell in cells if not cell.blank]
        return frozenset.intersection(*meant) if meant else frozenset()

    def headed(self, cell: Cell, rows: Sequence[int]) -> frozenset[int]:
        """The rows that the card leaves out with the text above them; else that is a fault."""
        met = [text for text in self._headings if LeftOut.of([text], "column").has([cell.text], 0)]
        self._headings |= dict.fromkeys(met, True)
        with self.source.faults.kept():
            if not met:
                raise row_heading(self.source, cell, rows)
        return frozenset(rows) if met else frozenset()

    def require_headings_met(self) -> None:
        """Every text that is left out with the rows below it must stand in the table."""
        gone = [text for text, met in self._headings.items() if not met]
        if gone:
            raise heading_gone(self.source, gone)
