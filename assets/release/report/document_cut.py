"""The picture of a printed cell: a cut of its document, with the cell in a box.

Belongs here: which cells are shown around one. Not here: how a file is read (`assets/extracts`),
and HTML.

A cut is drawn from the file in landing/, and only where that is, byte for byte, what the figure was
read from. What a figure says never comes from here.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assets.extracts.cards.card import Card
from assets.extracts.cards.content import file_sha256
from assets.extracts.errors import DocumentError
from assets.extracts.files.container import load_grid
from assets.extracts.files.grid import Cell, Grid, column_letters
from assets.release.report.pictures.drawn_once import kept_drawing
from assets.release.report.report_rows import Origin
from assets.release.report.words import Cut

_MOST_BYTES = 2_000_000  # larger files are not opened again for a picture
_NARROW = 6  # columns; of a wider table only those beside the cell, and the first
_TEXT = 28  # characters of a cell; longer ones end in …


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document in force, as it was read (`report_documents.sql`)."""

    source: str
    edition: int
    file: str  # path under landing/
    document_sha256: str
    bytes: int
    card: str  # as JSON


class _NotLegible(Exception):
    """A document cannot be read now; nothing is kept of that, since it may be another time."""


class Documents:
    """The documents in landing/, each opened once, when a cell of it must be cut anew."""

    def __init__(self, landing: Path, documents: Sequence[ReadDocument]) -> None:
        self._landing = landing
        self._documents = {(each.source, each.edition): each for each in documents}
        self._is_as_read: dict[ReadDocument, bool] = {}
        self._grids: dict[tuple[ReadDocument, str], Grid | None] = {}

    def cut(self, origin: Origin) -> Cut | None:
        """The cell of a figure with what stands around it; None where it cannot be shown."""
        document = self._documents.get((origin.source, origin.edition))
        if document is None or document.bytes > _MOST_BYTES or not self._as_read(document):
            return None
        drawn_from = __name__, document, origin.table_number, origin.file, origin.sheet, origin.cell
        try:
            return _as_cut(kept_drawing(drawn_from, lambda: _as_text(self._cut(document, origin))))
        except _NotLegible:
            return None

    def _as_read(self, document: ReadDocument) -> bool:
        if document not in self._is_as_read:
            try:
                sha256 = file_sha256(self._landing / document.file)
            except OSError:  # gone
                sha256 = ""
            self._is_as_read[document] = sha256 == document.document_sha256
        return self._is_as_read[document]

    def _cut(self, document: ReadDocument, origin: Origin) -> Cut | None:
        key = document, origin.table_number
        if key not in self._grids:
            self._grids[key] = self._grid(*key)
        grid = self._grids[key]
        if grid is None:
            raise _NotLegible
        found = _cell(grid, origin.sheet, origin.cell)
        place = f"{origin.file}, " + (f"{origin.sheet}!" if origin.sheet else "") + origin.cell
        return None if found is None else cut_around(grid, found, place)

    def _grid(self, document: ReadDocument, table_number: str) -> Grid | None:
        path = self._landing / document.file
        try:
            card = Card.model_validate_json(document.card)
            table = card.tables[table_number]
            return load_grid(path, f"landing/{document.file}", table, card.document.password)
        except (OSError, ValueError, KeyError, DocumentError):  # gone, or of another version
            return None


def _as_text(cut: Cut | None) -> str:
    return json.dumps(None if cut is None else asdict(cut))


def _as_cut(text: str) -> Cut | None:
    said = json.loads(text)
    if said is None:
        return None
    rows = tuple((number, tuple(cells)) for number, cells in said.pop("rows"))
    return Cut(columns=tuple(said.pop("columns")), rows=rows, **said)


def _cell(grid: Grid, part: str | None, ref: str) -> Cell | None:
    return next(
        (
            cell
            for row in grid.rows
            for cell in row
            if cell.ref == ref and (part is None or grid.part(cell) == part)
        ),
        None,
    )


def cut_around(grid: Grid, cell: Cell, place: str) -> Cut:
    """The cell, its neighbours, the row of headings and the first column, which say what it is."""
    head = next((n for n in range(1, cell.row) if _is_heading(grid, n)), cell.row)
    rows = {head, cell.row - 1, cell.row, cell.row + 1}
    columns = (
        set(range(1, grid.width + 1))
        if grid.width <= _NARROW
        else {1, cell.column - 1, cell.column, cell.column + 1}
    )
    shown = [n for n in sorted(columns) if 1 <= n <= grid.width]
    return Cut(
        place=place,
        columns=tuple(map(column_letters, shown)),
        rows=tuple(
            (str(n), tuple(_short(grid.header_cell(n, column).text) for column in shown))
            for n in sorted(rows)
            if head <= n <= len(grid.rows)
        ),
        column=column_letters(cell.column),
        row=str(cell.row),
    )


def _is_heading(grid: Grid, row: int) -> bool:
    """Whether a row says several things: a title, or a note, is one text."""
    shown = (grid.header_cell(row, column) for column in range(1, grid.width + 1))
    return len({cell.text for cell in shown if not cell.blank}) > 1


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _TEXT else f"{line[: _TEXT - 1]}…"
