"""The columns of a block: which hold figures, and of what.

Belongs here: reading the header of a block by the card. Not here: its rows (table.py), what one
cell of an axis says (keys.py).
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from assets.extracts.cards.axes_card import is_pattern
from assets.extracts.errors import DocumentError
from assets.extracts.figure import TableSource
from assets.extracts.files.grid import Cell, Grid, column_letters
from assets.extracts.labels import is_value_heading
from assets.extracts.layouts.axes.blocks import (
    Block,
    header_rows,
    heads_over,
    is_headed,
    spread_headings,
)
from assets.extracts.layouts.axes.kept import Kept
from assets.extracts.layouts.axes.keys import KeyReader
from assets.extracts.layouts.axes.place import Columns, Meant, Place
from assets.extracts.layouts.cells import holds_number
from assets.extracts.layouts.flags import is_flag_heading, refuse_unnamed_flags
from assets.extracts.layouts.mending import axes_line, says, says_axes, says_left_out
from assets.extracts.layouts.told_measure import ToldMeasure


class ColumnReader:
    """The headers of one table's blocks."""

    def __init__(
        self, source: TableSource, keys: KeyReader, kept: Kept, measures: ToldMeasure
    ) -> None:
        self.source = source
        self.grid = keys.grid
        self.axes = keys.axes
        self.keys = keys
        self.kept = kept
        self.measures = measures

    def read(self, block: Block) -> Columns:
        """The columns of one block; a heading in doubt is kept as a fault."""
        table, axes = self.source.table, self.axes
        keys = {column for columns in block.keys.values() for column in columns}
        heading_row = block.header[axes.header.above]
        headings = [self.grid.header_cell(heading_row, column) for column in block.columns]
        if axes.flags != "beside":
            told = table.status_column is not None
            kept = [c for c in headings if not (told and self.kept.leaves_out(c.column, [c]))]
            refuse_unnamed_flags(self.source, kept)
        named = {
            "flags": table.status_column,
            "figures": axes.figures,
            "unit": axes.unit,
            "note": axes.note,
            "quality": axes.quality,
            "multiplier": axes.multiplier,
            "estimates_after": axes.estimates_after,
            **{f"only {text}": text for text in axes.only},
        }
        found: dict[str, int] = {}
        places: dict[int, Place] = {}
        met: dict[Meant, Cell] = {}
        others = set(keys)
        left_out: dict[int, Cell] = {}
        beside: dict[int, int] = {}
        others_than_keys = [column for column in block.columns if column not in keys]
        spread = self.grid
        if axes.header.blank != "nothing":
            spread = spread_headings(self.grid, block.header, others_than_keys)
        for column, heading in zip(block.columns, headings, strict=True):
            heads = heads_over(self.grid, block, column)
            if column in keys:
                for head in heads:
                    self.measures.read(head, head.text, is_title=True)
                continue
            if column - 1 in places and self._is_beside(block, column, heads):
                beside[column - 1] = column
                continue
            if not heads:
                if self.kept.leaves_out(column, []):
                    others.add(column)
                    left_out[column] = heading
                continue
            roles = [role for role, entry in named.items() if entry and is_headed(entry, heading)]
            with self.source.faults.kept():
                others.add(column)  # unless it is read to the end, nothing more is said of it
                if roles and roles[0] in found:
                    raise self._twice(heads[-1])
                if roles:
                    found[roles[0]] = column
                elif self.kept.leaves_out(column, heads):
                    left_out[column] = heads[-1]
                elif not self.kept.of_other_region(block, column):
                    place = self._column_place(block, column, spread)
                    if place is not None:
                        self.keys.require_first(met, place, heads[-1])
                        places[column] = place
        for role, entry in named.items():
            if entry and not is_pattern(entry) and role not in found:
                raise self._no_such_column(role, entry, headings)
        if "figures" in found:
            places[found.pop("figures")] = Place()
        only = {found.pop(f"only {text}"): value for text, value in axes.only.items()}
        return Columns(places, found, only, frozenset(others - places.keys()), left_out, beside)

    def _no_such_column(self, role: str, entry: str, headings: Sequence[Cell]) -> Exception:
        """The refusal of a card that names a column which is not there."""
        there = [" ".join(cell.text.split()) for cell in headings if not cell.blank]
        if role.startswith("only "):
            only = {name: value for name, value in self.axes.only.items() if name != entry}
            advice = says_axes(self.source, {"only": only or None})
        elif role == "flags":
            advice = says(self.source.number, {"status_column": None})
        else:
            advice = says_axes(self.source, {role: None})
        return self.grid.error(
            headings[0],
            found=f"no column is headed '{entry}'",
            expected=f"the columns that the card names, of those that are there: {there}",
            advice=f"If another of them is meant, the card names it. If there is none, {advice}",
        )

    def _is_beside(self, block: Block, column: int, heads: Sequence[Cell]) -> bool:
        """Whether a column holds the flags of the figures before it, as the card says.

        It has no heading of its own, or that of a column of flags.
        """
        own = [head for head in heads if head not in heads_over(self.grid, block, column - 1)]
        return self.axes.flags == "beside" and all(is_flag_heading(head.text) for head in own)

    def _twice(self, cell: Cell) -> Exception:
        return self.grid.error(
            cell,
            found=f"'{cell.text}' heads two columns of one block",
            expected="one column with that heading",
            advice="Look at the document: two tables stand side by side, or a column is doubled. "
            f'Two tables are two blocks (tables."{self.source.number}".axes.blocks).',
        )

    def _column_place(self, block: Block, column: int, spread: Grid) -> Place | None:
        """What the header says of a column; None where its label is ignored by the card.

        spread: with each heading over the blanks on its right, too, which must say the same.
        """
        own, wide = heads_over(self.grid, block, column), heads_over(spread, block, column)
        if own == wide:
            return self._place_under(block, column, own, self.grid)
        if self.axes.header.blank == "left":
            return self._place_under(block, column, wide, spread)
        places: list[Place | None] = []
        for heads, grid in ((own, self.grid), (wide, spread)):
            with suppress(DocumentError):
                place = self._place_under(block, column, heads, grid)
                places.append(None if place is None else replace(place, cell=None))
        if len(places) < 2 or places[0] != places[1]:
            [over, *_] = [cell for cell in wide if cell not in own]
            header = {"above": self.axes.header.above, "below": self.axes.header.below}
            stated = {key: value for key, value in header.items() if value}
            left, nothing = ({"header": {**stated, "blank": b}} for b in ("left", "nothing"))
            raise self.grid.error(
                over,
                found=f"'{over.text.strip()}' may stand over column {column_letters(column)}, too, "
                "where the header is blank",
                expected="a heading over every column, or a card that says what a blank is",
                advice=f"If it does, {says_axes(self.source, left)}\n  If it does not, it says:"
                f"\n    {axes_line(self.source, nothing)}",
            )
        return self._place_under(block, column, own, self.grid)

    def _place_under(
        self, block: Block, column: int, heads: Sequence[Cell], grid: Grid
    ) -> Place | None:
        place = Place()
        used: set[Cell] = set()
        for name, axis in self.axes.by_name.items():
            if axis.across:
                rows = [block.header[row - 1] for row in header_rows(self.axes, block, name)]
                cells = dict.fromkeys(grid.header_cell(row, column) for row in rows)
                stack = [cell for cell in cells if not cell.blank and cell in heads]
                used.update(stack)
                for cell in stack if name == "indicator" else ():
                    if holds_number(cell):
                        raise self.grid.error(
                            cell,
                            found=f"the figure '{cell.text.strip()}' stands in the header",
                            expected="labels above the figures, and a key beside every figure",
                            advice="Look at the document: what stood beside it was lost. If the "
                            f"column is not wanted, {self.keys.left_out_by_place(cell)}",
                        )
                read = self.keys.read_axis(name, stack or [self.grid.cell(rows[-1], column)])
                if read.label is not None and read.label.indicator is None:
                    return None
                place = place.with_(read)
        unused = [head for head in heads if head not in used and not is_value_heading(head.text)]
        if unused:
            raise self.grid.error(
                unused[0],
                found=f"the card does not say what the heading '{unused[0].text}' is",
                expected="a heading of an axis, or a column that is left out",
                advice="Say in the card under axes on which row of the header the axis stands. If "
                "the column is not wanted, " + says_left_out(self.source, "columns", unused[0]),
            )
        return place
