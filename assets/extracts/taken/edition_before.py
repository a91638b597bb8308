"""What a document is held against of the edition before: its labels and their units.

Belongs here: what is kept of that edition, and labels that went or changed their unit. Not here:
finding and reading it (`document.py`), and figures out of line (slips.py).
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assets.extracts.cards.card import Card
from assets.extracts.cards.loaded_card import LoadedCard
from assets.extracts.errors import DocumentError, Faults, spell_place
from assets.extracts.layouts.mending import says
from assets.extracts.meaning.identifiers import changed_identifiers, present_names
from assets.extracts.meaning.registry import (
    normalise_label,
)
from assets.extracts.meaning.units import units
from assets.extracts.taken.place import Placed, Taken
from assets.extracts.written.landing_files import IDENTIFIERS_NAME


@dataclass(frozen=True, slots=True)
class SeenLabel:
    """A label the document prints (normalised), its printed unit's id, and its first figure.

    unit_confirmed: the card states the unit, or the document states it anew for every figure.
    """

    label: str
    unit: str
    unit_confirmed: bool
    file: str
    sheet: str | None
    cell: str


@dataclass(frozen=True, slots=True)
class Previous:
    """What the edition before holds: its labels and its figures."""

    labels: Sequence[SeenLabel]
    taken: Sequence[Taken]


NO_PREVIOUS = Previous((), ())


def seen_labels(figures: Sequence[Placed]) -> list[SeenLabel]:
    """The labels of these figures, each with its unit and its first cell."""
    found: dict[str, SeenLabel] = {}
    for item in figures:
        table, grid, figure = item.place.table, item.place.grid, item.figure
        label = normalise_label(figure.label)
        stated = {normalise_label(name) for name in table.units}
        beside_each = table.axes is not None and table.axes.one_a_line and table.axes.unit
        confirmed = table.unit is not None or label in stated or bool(beside_each)
        seen = SeenLabel(
            label, figure.unit.id, confirmed, grid.file, grid.part(figure.cell), figure.cell.ref
        )
        found.setdefault(label, seen)
    return list(found.values())


def check_against_previous(
    loaded: LoadedCard,
    figures: Sequence[Placed],
    seen: Collection[str],
    previous: Collection[SeenLabel],
    faults: Faults,
) -> None:
    """Stop where a label of the edition before is gone or changed its unit undeclared.

    seen: labels that the document prints, normalised, whether or not their figures are sound.
    """
    now = {each.label: each for each in seen_labels(figures)}
    source = loaded.document_path.parent.parent
    changes = changed_identifiers(source, source.parent)
    names = present_names(changes, loaded.card.edition)
    tables = loaded.card.tables
    known = {normalise_label(text) for table in tables.values() for text in table.ignore}
    if faults:  # a label whose figures are in doubt is not gone
        known |= set(seen)
    for before in previous:
        with faults.kept():
            label = normalise_label(names.get(before.label, before.label))
            _check_label(loaded, before, now.get(label), known)


def _check_label(
    loaded: LoadedCard, before: SeenLabel, after: SeenLabel | None, known: Collection[str]
) -> None:
    if after is None and before.label not in known:
        raise DocumentError(
            f"landing/{loaded.file}",
            found=f"the label '{before.label}' is gone, which the edition before has in "
            f"{_place_of(before)}",
            expected="every label of the edition before",
            advice="If the publisher dropped it, "
            + _dropped(loaded.card, before.label)
            + "\n  If it is called otherwise now, "
            f"landing/{loaded.card.source}/{IDENTIFIERS_NAME} says:\n    "
            f"- {{old: {json.dumps(before.label, ensure_ascii=False)}, new: its new label, "
            f"since: {loaded.card.edition}}}",
        )
    if after and not after.unit_confirmed and after.unit != before.unit:
        raise DocumentError(
            after.file,
            sheet=after.sheet,
            cell=after.cell,
            found=f"'{after.label}' is in {after.unit} now; the edition before has it in "
            f"{before.unit} in {_place_of(before)}",
            expected="the unit of the edition before",
            advice="If the publisher changed it, "
            + says(
                next(iter(loaded.card.tables)),
                {"units": {after.label: units()[after.unit].spellings[0]}},
            ),
        )


def _dropped(card: Card, label: str) -> str:
    number, table = next(iter(card.tables.items()))
    return says(number, {"ignore": [*table.ignore, label]})


def _place_of(seen: SeenLabel) -> str:
    """Where a label's first figure stands, for messages."""
    return f"{seen.file}, {spell_place(seen.file, seen.sheet, seen.cell)}"
