"""What the figures of a document must be together: each once, none left over, none missing.

Belongs here: checks of one document by itself. Not here: figures out of line (slips.py), and the
edition before (edition_before.py).
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import replace

from assets.extracts.cards.card import Card
from assets.extracts.errors import DocumentError, Faults
from assets.extracts.figure import TableSource
from assets.extracts.files.grid import Grid
from assets.extracts.layouts.mending import says, says_left_out
from assets.extracts.meaning.registry import (
    normalise_label,
)
from assets.extracts.shared_sheet import left_over
from assets.extracts.taken.place import Place, Placed, Taken, where

_WHOLE = ":"  # all cells of a sheet


def refuse_left_over(
    card: Card, sheets: Mapping[str, Grid], figures: Sequence[Placed], faults: Faults
) -> None:
    """On a sheet that tables share every cell must be one table's, and a figure one's alone.

    sheets: by number of a table, with all of their cells.
    """
    shares: dict[str | None, list[str]] = {}  # sheet → cells of each of its tables
    for number, of_table in sheets.items():
        shares.setdefault(of_table.sheet, []).append(card.tables[number].cells or _WHOLE)
    for sheet in {each.sheet: each for each in sheets.values()}.values():
        if _WHOLE in shares[sheet.sheet]:
            continue
        for cell in left_over(sheet, shares[sheet.sheet]):
            with faults.kept():
                raise sheet.error(
                    cell,
                    found=f"'{cell.text.strip()}' stands in the cells of no table",
                    expected="every cell of a sheet that several tables share in one of them "
                    f"({'; '.join(shares[sheet.sheet])}), but for notes",
                    advice="Let the cells of a table in the card reach as far; what is not wanted "
                    "of them is left out there, by axes.left_out.",
                )
    first: dict[tuple[str | None, str], Placed] = {}
    for placed in figures:
        grid, cell = placed.place.grid, placed.figure.cell
        other = first.setdefault((grid.part(cell), cell.ref), placed)
        with faults.kept():
            if other is placed or other.place is placed.place:
                continue
            raise grid.error(
                cell,
                found=f"tables {other.place.number} and {placed.place.number} both take the figure "
                f"'{cell.text.strip()}'",
                expected="every figure in one table",
                advice=f'Correct cells under tables."{other.place.number}" or '
                f'tables."{placed.place.number}" in the card.',
            )


def refuse_vanished(place: Place, seen: Collection[str], faults: Faults) -> None:
    """Every label of the card must be in its table; seen: those that are, normalised."""
    for label in place.table.labels:
        with faults.kept():
            if normalise_label(label) in seen:
                continue
            raise DocumentError(
                place.grid.file,
                sheet=place.grid.sheet,
                found=f"the label '{label}' of the card is not in table {place.number}",
                expected=f'every label under tables."{place.number}".labels',
                advice="If the document has it no more, "
                + says(place.number, {"labels": {label: None}})
                + "\n  If the publisher renamed it, the new label stands there, too.",
            )


def refuse_unmet_definitions(place: Place, figures: Sequence[Placed], faults: Faults) -> None:
    """What the card says of definitions must be about labels that are there."""
    own = [item.figure for item in figures if item.place is place]
    met = {normalise_label(figure.label) for figure in own} | {figure.indicator for figure in own}
    for label in place.table.definitions:
        with faults.kept():
            if normalise_label(label) in met:
                continue
            raise DocumentError(
                place.grid.file,
                sheet=place.grid.sheet,
                found=f"no figure of table {place.number} is labelled '{label}', of which the card "
                "states the definition",
                expected=f'every label under tables."{place.number}".definitions',
                advice=f"If it is gone, {says(place.number, {'definitions': {label: None}})}\n  "
                "If it is printed otherwise, it stands there as it is printed.",
            )


def refuse_twice(taken: Sequence[Taken], faults: Faults) -> None:
    """A region, indicator, definition and year must stand in one cell alone."""
    first: dict[Hashable, Taken] = {}
    for item in taken:
        figure = item.figure
        key = ((figure.region, figure.indicator, figure.reference_year), item.definition)
        other = first.setdefault(key, item)
        with faults.kept():
            if other is item:
                continue
            raise item.place.grid.error(
                figure.cell,
                found=f"{figure.indicator} of {figure.region}, {figure.reference_year}, stands "
                f"here and in {where(other.place, other.figure.cell)}",
                expected="one cell for each region, indicator and year",
                advice=_not_twice(item, other),
            )


def _not_twice(item: Taken, other: Taken) -> str:
    """Advice on a figure that stands in two cells."""
    place, label, cell = item.place, item.figure.label, item.figure.cell
    if normalise_label(label) != normalise_label(other.figure.label):
        left_out = says(place.number, {"ignore": [*place.table.ignore, label]})
    else:
        source = TableSource(place.grid, place.table, place.number, "", 0)
        left_out = says_left_out(source, "rows", replace(cell, text=""))
    return (
        f"If this one is not wanted, {left_out}\n  If a label means something else, say so under "
        "labels; if it counts by another definition, under definitions."
    )
