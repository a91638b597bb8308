"""Corrections: misprints of a document, corrected as data beside its card.

Belongs here: `corrections.yaml`, and putting what is right into the grid before a layout reads it.
Not here: reading the document. The document stays as published; raw.observation keeps the wrong
figure as printed_value, and says in its note why another one is taken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from assets.extracts.cards.card import Card
from assets.extracts.cards.loaded_card import shown
from assets.extracts.errors import DocumentError, spell_place
from assets.extracts.files.grid import Cell, Grid
from assets.extracts.layouts.cells import why_no_figure
from assets.extracts.written.landing_files import CORRECTIONS_NAME
from assets.extracts.written.strict_model import StrictModel, wrong_fields
from assets.extracts.written.yaml_file import read_yaml

Text = Annotated[str, Field(min_length=1)]


_EXPECTED = (
    "a list of {table, cell, wrong, right, reason, source}, each a text in quotes "
    "(and page, where a table of a PDF runs over several)"
)
_ADVICE = "Correct the entry; landing/README.md has an example."


class Correction(StrictModel):
    """One misprinted figure. table: as the card numbers it; sheet, page: where the table has more
    than one (page of a PDF over which a table runs); wrong, right: texts of the cell; source: who
    says so.
    """

    table: Text
    sheet: Text | None = None
    page: int | None = None
    cell: Annotated[str, Field(pattern=r"^[A-Z]{1,3}[1-9][0-9]*$")]
    wrong: Text
    right: Text
    reason: Text
    source: Text


def read_corrections(card_path: Path, landing: Path, card: Card) -> tuple[Correction, ...]:
    """Read what lies beside a card; none where there is no such file.

    Raises DocumentError naming the file and each field that is wrong.
    """
    path = card_path.parent / CORRECTIONS_NAME
    if not path.exists():
        return ()
    name = shown(card_path.parent.resolve() / path.name, landing.resolve())
    raw = read_yaml(path, name, list, _ADVICE)
    try:
        found = TypeAdapter(tuple[Correction, ...]).validate_python(tuple(raw))
    except ValidationError as error:
        raise wrong_fields(name, error, _EXPECTED, _ADVICE) from error
    _refuse_unusable(found, name, card)
    return found


def _error(name: str, found: str) -> DocumentError:
    return DocumentError(name, found=found, expected=_EXPECTED, advice=_ADVICE)


def _refuse_unusable(corrections: Sequence[Correction], name: str, card: Card) -> None:
    places = set()
    for item in corrections:
        table = card.tables.get(item.table)
        place = (item.table, item.page, item.cell)
        if table is None:
            raise _error(name, f"the card has no table '{item.table}'")
        if table.layout == "published_table":
            raise _error(name, f"table '{item.table}' is a paper's: its numbers stay as printed")
        if place in places:
            raise _error(name, f"cell {item.cell} of table '{item.table}' is corrected twice")
        places.add(place)


def corrected(grid: Grid, corrections: Sequence[Correction], number: str) -> Grid:
    """Put what is right into the cells of table `number`.

    Raises DocumentError at a cell that does not hold what the correction says is wrong.
    """
    cells = {_find(grid, item): item for item in corrections if item.table == number}
    if not cells:
        return grid
    rows = tuple(tuple(_replaced(cell, cells) for cell in row) for row in grid.rows)
    return replace(grid, rows=rows)


def _find(grid: Grid, item: Correction) -> Cell:
    """The cell a correction is about, which must still hold the wrong text."""
    for row in grid.rows:
        for cell in row:
            if cell.ref == item.cell and _is_part(grid, cell, item):
                if item.wrong == item.right and why_no_figure(cell) is None:
                    raise grid.error(
                        cell,
                        found=f"{CORRECTIONS_NAME} corrects '{item.wrong}' to the same",
                        expected="a right text that differs: nothing else is wrong with the cell",
                        advice=f"Correct the entry of {CORRECTIONS_NAME}, or take it out.",
                    )
                if cell.text.strip() == item.wrong.strip():
                    return cell
                raise grid.error(
                    cell,
                    found=f"'{cell.text.strip()}' stands here, {CORRECTIONS_NAME} says that "
                    f"'{item.wrong}' does and corrects it to '{item.right}'",
                    expected=f"'{item.wrong}', exactly as the document prints it",
                    advice="If the publisher repaired it, take the entry out of "
                    f"{CORRECTIONS_NAME}; otherwise correct the entry.",
                )
    raise _not_there(grid, item, "there is no such cell")


def _is_part(grid: Grid, cell: Cell, item: Correction) -> bool:
    if item.sheet is not None and item.sheet != grid.part(cell):
        return False
    return item.page is None or (cell.origin is not None and cell.origin.page == item.page)


def _replaced(cell: Cell, corrections: Mapping[Cell, Correction]) -> Cell:
    item = corrections.get(cell)
    if item is None:
        return cell
    note = f"corrected from '{item.wrong}': {item.reason} (source: {item.source})"
    printed = cell.text.strip()
    unmarked = replace(cell, stored=None, problem=None, comment=None)
    return replace(unmarked, text=item.right, printed=printed, note=note)


def refuse_unread(
    grid: Grid, corrections: Sequence[Correction], number: str, read: Sequence[Cell]
) -> None:
    """Refuse a correction of a cell of which no figure was taken. Raises DocumentError."""
    taken = {(grid.part(cell), cell.ref) for cell in read if cell.printed is not None}
    for row in grid.rows:
        for cell in row:
            if cell.printed is not None and (grid.part(cell), cell.ref) not in taken:
                item = next(i for i in corrections if i.table == number and i.cell == cell.ref)
                raise _not_there(grid, item, "no figure is read from this cell")


def _not_there(grid: Grid, item: Correction, found: str) -> DocumentError:
    place = spell_place(grid.file, item.sheet or (f"page {item.page}" if item.page else None), None)
    where = f" ({place})" if place else ""
    return DocumentError(
        grid.file,
        sheet=grid.sheet,
        cell=item.cell,
        found=f"{found}, which {CORRECTIONS_NAME} corrects from '{item.wrong}' to '{item.right}'"
        f"{where}",
        expected="a cell from which the card takes a figure",
        advice=f"Correct table, page and cell in {CORRECTIONS_NAME}, or take the entry out.",
    )
