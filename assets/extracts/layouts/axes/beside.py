"""What texts beside the blocks, and comments, say of their figures.

Belongs here: bringing each text to those who hear it (told_status.py, told_measure.py,
told_definition_beside.py, unheard_notes.py), and their word to the figures. Not here: which texts
may stand there (around.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assets.extracts.figure import Figure, TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.layouts.axes.blocks import Block, heads_over
from assets.extracts.layouts.axes.kept import Kept
from assets.extracts.layouts.axes.keys import KeyReader
from assets.extracts.layouts.told_definition_beside import ToldDefinition
from assets.extracts.layouts.told_measure import ToldMeasure
from assets.extracts.layouts.told_status import ToldStatus
from assets.extracts.layouts.unheard_notes import UnheardNotes
from assets.extracts.meaning.printed_text import is_note, marks_of
from assets.extracts.meaning.status import least_sure
from assets.extracts.written.year_list import years_of


class Beside:
    """The texts beside one table."""

    def __init__(self, source: TableSource, keys: KeyReader, kept: Kept) -> None:
        self.source = source
        self.grid = keys.grid
        self.keys = keys
        self.kept = kept
        self.told = ToldStatus()
        self.measures = ToldMeasure()
        self.definitions = ToldDefinition()
        self.unheard = UnheardNotes()
        for text in (source.grid.sheet or "", *source.grid.around):
            self.measures.read(None, text, is_title=True)
            self.definitions.read(None, text, is_title=True)
        self.hear(self.grid.elsewhere)

    def hear(self, cells: Sequence[Cell], *, is_title: bool = False, over_all: bool = True) -> None:
        """Hear what some texts beside the blocks say of the figures' status and measure.

        over_all: they do not stand over some of the rows, of which the card says what they are.
        """
        heard = [cell for cell in cells if not (cell.blank or self.kept.is_named(None, [cell]))]
        for cell in heard:
            self.told.read(cell, is_title=is_title)
        if not is_title and len({cell.row for cell in heard}) == 1:
            heard = [_joined(heard)]
        for cell in heard if over_all else ():
            self.measures.read(cell, cell.text, is_title=is_title)
            title = is_title and not is_note(cell.text)
            self.definitions.read(cell, cell.text, is_title=title)
            if not title:
                self.unheard.read(cell, cell.text)

    def hear_comments(self) -> None:
        """Hear what stands in the windows beside cells: of a block's cell, of its figures alone."""
        inside = {row for block in self.keys.blocks for row in (*block.header, *block.rows)}
        for cell in (cell for row in self.grid.rows for cell in row if cell.comment):
            text, mark = cell.comment or "", cell.ref if cell.row in inside else ""
            if not self.kept.is_named(None, [replace(cell, text=text)]):
                self.told.read(replace(cell, text=text), is_title=False, mark=mark)
                self.measures.read(cell, text, is_title=False, mark=mark)
                self.definitions.read(cell, text, mark=mark)
                self.unheard.read(cell, text, mark=mark)

    def with_told_status(self, block: Block, figures: Sequence[Figure]) -> Iterator[Figure]:
        """The figures of a block with what texts beside the table, and the card, say of them."""
        stated = {
            year: status
            for status, years in self.source.table.statuses.items()
            for year in years_of(years)
        }
        keys = [column for columns in block.keys.values() for column in columns]
        marked: dict[tuple[str, int], frozenset[str]] = {}  # marks over a column, or beside a row
        for figure in figures:
            row, column = figure.cell.row, figure.cell.column
            if ("row", row) not in marked:
                marked["row", row] = _marks(self.grid.header_cell(row, key) for key in keys)
            if ("column", column) not in marked:
                marked["column", column] = _marks(heads_over(self.grid, block, column))
            marks = _marks([figure.cell]) | marked["row", row] | marked["column", column]
            told = self.told.of_figure(figure, marks), stated.get(figure.reference_year)
            yield replace(figure, status=least_sure((figure.status, *told)), marks=marks)

    def refuse_other(self, figures: Sequence[Figure]) -> None:
        """Stop at texts that say something else of the figures than the card takes."""
        self.measures.refuse_other(self.source, figures)
        self.definitions.refuse_other(self.source, figures)
        self._refuse_unheard(figures)

    def _refuse_unheard(self, figures: Sequence[Figure]) -> None:
        """Stop at notes of which nothing that hears them knows what they say."""
        self.unheard.refuse(
            self.source,
            figures,
            lambda clause: (
                self.told.hears(clause)
                or self.measures.hears(clause)
                or self.definitions.hears(clause, figures)
            ),
        )


def _marks(cells: Iterable[Cell]) -> frozenset[str]:
    """The footnote marks that some cells bear; a comment's is the place of its cell."""
    cells = list(cells)
    printed = {mark for cell in cells for mark in marks_of(cell.text)}
    return frozenset(printed | {cell.ref for cell in cells if cell.comment})


def _joined(cells: Sequence[Cell]) -> Cell:
    """A note in one cell: in a text without quotes its commas part it."""
    return replace(cells[0], text="，".join(cell.text for cell in cells))
