"""A figure with the table it stands in, and what is taken of it.

Belongs here: those records, and the lines by which a card or a correction names a cell. Not here:
reading a value (one_figure.py), and what figures say together (together.py, slips.py).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from assets.extracts.cards.card import TableCard
from assets.extracts.cards.loaded_card import LoadedCard
from assets.extracts.errors import spell_place
from assets.extracts.figure import Figure
from assets.extracts.files.grid import Cell, Grid
from assets.extracts.layouts.classes import PrintedClass
from assets.extracts.meaning.status import Status
from assets.extracts.written.landing_files import CORRECTIONS_NAME


@dataclass(frozen=True, slots=True)
class Place:
    """One table while it is judged."""

    loaded: LoadedCard
    number: str
    table: TableCard
    grid: Grid


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure with the table it stands in."""

    place: Place
    figure: Figure


@dataclass(frozen=True, slots=True)
class Taken:
    """A figure with its table and its value in the canonical unit (None: unavailable, or a class).

    within: the ends of the class that stands there, in the canonical unit.
    definition: of its indicator, by which it counts.
    half_unit: half a unit of the last digit read, in the canonical unit; 0 where no digit stands.
    status: what year, label, flag and number say of it; else what the card does.
    """

    place: Place
    figure: Figure
    definition: str
    value: Decimal | None
    half_unit: Decimal
    meaning: str
    footnotes: str
    status: Status
    within: PrintedClass | None = None


def where(place: Place, cell: Cell) -> str:
    """The file, part and cell, for messages."""
    return spell_place(place.grid.file, place.grid.part(cell), cell.ref)


def as_printed(cell: Cell) -> str:
    """What the document prints in a cell, whatever the card says of its signs."""
    return (cell.written or cell.text).strip()


def correction(place: Place, cell: Cell) -> str:
    """The entry that corrects a cell."""
    shown = json.dumps(as_printed(cell), ensure_ascii=False)
    return (
        f"{CORRECTIONS_NAME} beside the card says:\n  "
        f'  - {{table: "{place.number}", cell: {cell.ref}, wrong: {shown}, '
        "right: ..., reason: ..., source: ...}"
    )


def confirmed_with(place: Place, cells: Iterable[Cell]) -> dict[str, str]:
    """What the card confirms, and some cells more."""
    return {**place.table.confirmed, **{cell.ref: as_printed(cell) for cell in cells}}


def is_confirmed(place: Place, figure: Figure) -> bool:
    """Whether the card says that the cell is right as it is printed."""
    cell = figure.cell
    return place.table.confirmed.get(cell.ref, "").strip() == as_printed(cell)
