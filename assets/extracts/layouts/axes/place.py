"""What is known of a figure of a table of three axes by where it stands.

Belongs here: the records that pass between the readers of columns, keys and figures. Not here:
how anything is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assets.extracts.cards.axes_card import AxisName
from assets.extracts.files.grid import Cell, Grid
from assets.extracts.labels import Label
from assets.extracts.meaning.registry import normalise_label
from assets.extracts.meaning.status import Status, least_sure

Meant = tuple[Label | None, tuple[str, ...], int | None]  # label, region as printed, year
PRINTED: Mapping[AxisName, str] = {"indicator": "label", "region": "region", "year": "year"}


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of a figure's place: from its row, its column or the lines above it.

    region: as the card states it; region_cells: as the document does, which waits for the year;
    cell: where the label stands, for messages.
    """

    label: Label | None = None
    region: str | None = None
    region_cells: tuple[Cell, ...] = ()
    year: int | None = None
    status: Status | None = None
    cell: Cell | None = None

    @property
    def meant(self) -> "Meant":
        """What a row or column of a block is about: no other may be."""
        texts = tuple(normalise_label(cell.text) for cell in self.region_cells)
        return self.label, texts, self.year

    def with_(self, other: "Place") -> "Place":
        """Both together: an axis stands in one place only."""
        return Place(
            self.label or other.label,
            self.region or other.region,
            self.region_cells or other.region_cells,
            self.year or other.year,
            least_sure((self.status, other.status)),
            self.cell or other.cell,
        )


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of one block: of figures (→ their place), of what else a line states, of its choice.

    roles: unit, flags, note, quality, multiplier and estimates_after, where there is such a column;
    others: keys and what the card leaves out; headings: of the latter; beside: column of figures →
    that of their flags.
    """

    figures: Mapping[int, Place]
    roles: Mapping[str, int]
    only: Mapping[int, str]
    others: frozenset[int]
    headings: Mapping[int, Cell]
    beside: Mapping[int, int]

    @property
    def known(self) -> frozenset[int]:
        """Columns in which something may stand."""
        stated = {*self.figures, *self.roles.values(), *self.only, *self.beside.values()}
        return self.others | stated


def stated(grid: Grid, row: int, columns: Columns, role: str) -> Cell | None:
    """The cell of a row in the column of units, flags, notes or qualities, if there is one."""
    column = columns.roles.get(role)
    return None if column is None else grid.cell(row, column)
