"""A table of indicator × region × year, each of which stands across, down or once.

The card says which stands where (`axes`). Belongs here: going through the rows of each block, so
that every cell of the sheet ends as a figure, as part of the header or a key, or under something
that the card leaves out; anything else stops the document. Not here: finding the blocks, what
stands in header, keys and cells, and around them (the modules beside this one), judging figures.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from assets.extracts.cards.axes_card import AxesCard
from assets.extracts.errors import DocumentError
from assets.extracts.figure import Figure, TableFigures, TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.labels import is_heading, split_unit
from assets.extracts.layouts.axes.around import Around
from assets.extracts.layouts.axes.beside import Beside
from assets.extracts.layouts.axes.blocks import (
    Block,
    filled_down,
    find_blocks,
    header_rows,
    heads_over,
)
from assets.extracts.layouts.axes.columns import ColumnReader
from assets.extracts.layouts.axes.figures import FigureReader
from assets.extracts.layouts.axes.kept import Kept
from assets.extracts.layouts.axes.keys import KeyReader
from assets.extracts.layouts.axes.place import PRINTED, Columns, Meant, Place, stated
from assets.extracts.layouts.axes.years import stated_year
from assets.extracts.layouts.cells import holds_number
from assets.extracts.layouts.flags import are_flags, flags_of
from assets.extracts.layouts.mending import says_axes, says_left_out
from assets.extracts.layouts.region_cells import regions_meant
from assets.extracts.layouts.told_measure import refuse_told_apart
from assets.extracts.layouts.unread_columns import refuse_unread
from assets.extracts.layouts.years import below_the_table, require_width
from assets.extracts.meaning.printed_text import is_note
from assets.extracts.meaning.registry import indicator_of

_BEGINS_LIKE_A_YEAR = re.compile(r"\s*\W?(?:1[89]|2[01]|１[８９]|２[０１])\d\d")


def read(source: TableSource) -> TableFigures:
    """Read every block; a row in doubt is kept as a fault, and the next is read.

    Raises DocumentError where a header or a text beside the blocks is in doubt.
    """
    axes = source.table.axes
    assert axes is not None
    reader = _Reader(source, axes)
    read = [(block, list(reader.read_block(block))) for block in reader.keys.blocks]
    reader.beside.hear_comments()
    figures = [figure for each in read for figure in reader.beside.with_told_status(*each)]
    reader.around.check(figures)
    reader.beside.refuse_other(figures)
    in_doubt = () if source.table.statuses else reader.beside.told.in_doubt(figures)
    return TableFigures(figures, frozenset(reader.keys.labels.seen), in_doubt)


class _Reader:
    def __init__(self, source: TableSource, axes: AxesCard) -> None:
        self.source = source
        self.grid = source.grid
        self.axes = axes
        blocks = find_blocks(source, axes)
        for block in blocks:
            for name, columns in block.keys.items():
                if axes.by_name[name].blank == "above":
                    self.grid = filled_down(self.grid, block.rows, columns)
        self.keys = KeyReader(source, self.grid, axes, blocks)
        self.kept = Kept(source, self.grid, axes)
        self._require_some_year()
        self.beside = Beside(source, self.keys, self.kept)
        self.around = Around(source, self.keys, self.kept, self.beside)
        self.columns = ColumnReader(source, self.keys, self.kept, self.beside.measures)
        self.figures = FigureReader(source, self.keys)

    def _require_some_year(self) -> None:
        """One year at least must stand where the card says, or the table is of another shape."""
        axis = self.axes.year
        if axis.once is not None:
            return
        places: list[tuple[int, int]] = []
        for block in self.keys.blocks:
            rows = [block.header[row - 1] for row in header_rows(self.axes, block, "year")]
            places += [(row, column) for row in rows for column in block.columns]
            places += [(row, column) for column in block.keys.get("year", ()) for row in block.rows]
        cells = [self.grid.cell(*place) for place in places]
        if not any(
            _BEGINS_LIKE_A_YEAR.match(cell.exact) or stated_year(cell, self.axes) is not None
            for cell in cells
        ):
            raise self.grid.error(
                self.grid.cell(self.keys.blocks[0].header.start, self.keys.blocks[0].columns.start),
                found="no year stands where the card says that years stand",
                expected=f"years {'across, in the header' if axis.across else 'down a column'}",
                advice=self._where_years_are(),
                lacks="layout",
            )

    def _where_years_are(self) -> str:
        """Advice that names where years do stand, if anywhere."""
        first = self.keys.blocks[0]
        for cell in (cell for row in self.grid.rows for cell in row):
            if stated_year(cell, self.axes) is None:
                continue
            if cell.row in first.header:
                at: Mapping[str, object] = {"across": cell.row - first.header.start + 1}
            elif heading := self.grid.header_cell(first.header.start, cell.column).text.strip():
                at = {"down": heading}
            else:
                continue
            advice = says_axes(self.source, {"year": at})
            return f"If '{cell.text.strip()}' ({cell.ref}) is one of them, {advice}"
        stated = {"year": {"once": self.source.edition - 1}}
        return f"If all figures are of one year, {says_axes(self.source, stated)}"

    def read_block(self, block: Block) -> Iterator[Figure]:
        """Every figure of a block, row by row."""
        self.around.check_above(block)
        once = self.around.once(block)
        units = self.around.units(block)
        columns = self.columns.read(block)
        under_header = self.around.lines_under_header(block)
        under: frozenset[int] = frozenset()  # rows under a heading that is left out with them
        in_notes = below_note = False  # below_note: right below one that the card leaves out
        met: dict[Meant, Cell] = {}
        taken: list[int] = []
        header: Cell | None = None  # of another table, which the card leaves out
        for row in block.rows:
            cells = [self.grid.cell(row, column) for column in block.columns]
            filled = [cell for cell in cells if not cell.blank]
            if not filled:
                continue
            lines = [line for cell in filled if (line := self.around.lines.at(cell)) is not None]
            if row in under or self.kept.is_left_out(block, row, filled, columns):
                self.around.met += lines
                header = filled[0] if self._is_other_header(block, filled, columns) else header
                below_note |= is_note(filled[0].text) and not any(map(holds_number, filled[1:]))
                continue
            values = [cell for cell in filled if cell.column in columns.figures]
            if len(lines) == len(filled):
                self.around.met += lines
                of_units = row in under_header and all("unit" in line.says for line in lines)
                rows = () if of_units else self._rows_under(block, row, columns)
                self.beside.hear(filled, is_title=True, over_all=not rows)
                if rows:
                    under |= self.kept.headed(filled[0], rows)
                continue
            if not any(holds_number(cell) for cell in filled[1:]) and (
                (is_note(filled[0].text) and all(map(_is_words, values)))
                or (
                    (in_notes or below_note)
                    and not holds_number(filled[0])
                    and all(map(_is_words, values))
                )
            ):
                in_notes = True
                self.beside.hear(filled)
                continue
            with self.source.faults.kept():
                if in_notes:
                    raise below_the_table(self.source, filled[0])
                if header is not None:
                    raise self._below_other_header(header, filled[0])
                require_width(self.source, row, block.header[self.axes.header.above])
                self._refuse_stray(filled, columns)
                self.kept.require_chosen(row, columns)
                if (
                    not values
                    and not self._is_known_row(block, row)
                    and (rows := self._rows_under(block, row, columns))
                ):
                    under |= self.kept.headed(filled[0], rows)
                    continue
                place = self._row_place(block, row, columns)
                if not self.axes.one_a_line:
                    key = next(iter(block.keys.values()))[0]
                    self.keys.require_first(met, place, self.grid.header_cell(row, key))
                place = place.with_(once)
                taken.append(row)
                below_note = False
                yield from self.figures.of_row(row, columns, place, units)
        for column, heading in columns.headings.items():
            with self.source.faults.kept():
                cells = [self.grid.cell(row, column) for row in taken]
                named = {
                    role: [self.grid.cell(row, of_role) for row in taken]
                    for role, of_role in columns.roles.items()
                }
                refuse_unread(self.source, heading, cells, named)
                refuse_told_apart(self.source, heading, cells)

    def _rows_under(self, block: Block, row: int, columns: Columns) -> Sequence[int]:
        """Rows of figures that a text between the rows would head: down to the next such text."""
        found: list[int] = []
        for below in range(row + 1, block.rows.stop):
            cells = [self.grid.cell(below, column) for column in block.columns]
            filled = [cell for cell in cells if not cell.blank]
            if not filled or self.kept.is_left_out(block, below, filled, columns):
                continue
            if any(cell.column in columns.figures for cell in filled):
                found.append(below)
            elif found or is_note(filled[0].text):
                break
        return found

    def _is_known_row(self, block: Block, row: int) -> bool:
        """Whether the keys of a row say what its figures would be, though none stands there."""
        keys = {n: [self.grid.header_cell(row, c) for c in at] for n, at in block.keys.items()}
        try:
            for name, cells in keys.items():
                self.keys.read_axis(name, cells)
        except DocumentError:
            return False
        return True

    def _is_other_header(self, block: Block, filled: Sequence[Cell], columns: Columns) -> bool:
        """Whether a row that is left out heads columns otherwise than the block's own header."""
        values = [cell for cell in filled if cell.column in columns.figures]
        own = {
            cell.column: {h.text for h in heads_over(self.grid, block, cell.column)}
            for cell in values
        }
        if not values or all(cell.text in own[cell.column] for cell in values):
            return False
        across = [name for name, axis in self.axes.by_name.items() if axis.across]
        words = [cell for cell in values if _is_words(cell) and not holds_number(cell)]
        if "region" in across and any(regions_meant(self.source, cell) for cell in words):
            return True
        if "indicator" in across and any(indicator_of(split_unit(c.text)[0]) for c in words):
            return True
        years = [stated_year(cell, self.axes) for cell in values] if "year" in across else [None]
        in_a_row = len({abs(a - b) for a, b in pairwise(y for y in years if y is not None)}) == 1
        return None not in years and (in_a_row or bool(words) or is_heading(filled[0].text))

    def _below_other_header(self, header: Cell, cell: Cell) -> Exception:
        below = f"rows {header.row}-{len(self.grid.rows)}"
        before = self.axes.left_out.rows
        return self.grid.error(
            cell,
            found=f"'{cell.text.strip()}' stands below '{header.text.strip()}' ({header.ref}), "
            "which is left out and heads its columns otherwise",
            expected="figures below the header that the card describes",
            advice="If another table begins there, it is one of its own in the card, and both say "
            "under cells where they stand (A1:D12). If its rows are not wanted, "
            + says_axes(self.source, {"left_out": {"rows": [*before, below]}}),
        )

    def _refuse_stray(self, filled: Sequence[Cell], columns: Columns) -> None:
        across = [PRINTED[name] for name, axis in self.axes.by_name.items() if axis.across]
        across = across or ["heading"]
        for cell in filled:
            if cell.column not in columns.known:
                advice = (
                    "Look at the header: a heading is missing, or the row slipped a column. "
                    "If the column is not wanted, "
                    + says_left_out(self.source, "columns", replace(cell, text=""))
                )
                if are_flags(cell.text) and cell.column - 1 in columns.figures:
                    advice = "If it holds the flags of the figures before it, " + says_axes(
                        self.source, {"flags": "beside"}
                    )
                raise self.grid.error(
                    cell,
                    found=f"'{cell.text}' stands in a column without a {' or '.join(across)}",
                    expected="a heading above every figure",
                    advice=advice,
                )

    def _row_place(self, block: Block, row: int, columns: Columns) -> Place:
        place = Place(status=flags_of(self.source, stated(self.grid, row, columns, "flags")).status)
        for name, keys in block.keys.items():
            cells = [self.grid.header_cell(row, column) for column in keys]
            place = place.with_(self.keys.read_axis(name, cells))
        return place


def _is_words(cell: Cell) -> bool:
    """Whether no figure and no mark for one stands here: a comma parts a note in CSV."""
    return any(sign.isalpha() for sign in cell.text)
