"""What readers are given and what they take from a table, before any of it is judged.

Belongs here: the records between a layout's reader and `taken/`. Not here: reading or checking.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from assets.extracts.cards.card import TableCard
from assets.extracts.errors import Faults
from assets.extracts.files.grid import Cell, Grid
from assets.extracts.meaning.status import Status
from assets.extracts.meaning.units import Unit


@dataclass(frozen=True, slots=True)
class TableSource:
    """One table to be read: its cells, its part of the card, what the card says of the whole.

    faults: what a layout finds wrong in one row, column or label, and can read on after.
    """

    grid: Grid
    table: TableCard
    number: str
    region: str
    edition: int
    faults: Faults = field(default_factory=Faults)


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell of a table: what it is about, in which printed unit; the text is not parsed yet.

    status: what the year, the label or a flag says of it; None where none of them says anything.
    marks: footnote marks on its number, its keys and its headings, and the places of those of
    them that have a comment.
    """

    cell: Cell
    label: str
    indicator: str
    region: str
    reference_year: int
    unit: Unit
    printed_unit: str
    quality: str | None = None
    note: str | None = None
    status: Status | None = None
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TableFigures:
    """All figures of one table, and the normalised labels that were met (taken or ignored).

    in_doubt: texts that speak of figures which are not final, and not clearly of which.
    """

    figures: Sequence[Figure]
    seen: frozenset[str]
    in_doubt: Sequence[Cell] = ()
