"""The edition before: its card, how its tables read, and what its source has printed so far.

Belongs here: reading what the new document is held against. Not here: the comparison.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from assets.extracts.adding.probe import Frame, Reading, probe
from assets.extracts.cards.card import Card
from assets.extracts.cards.loaded_card import load_card, shown
from assets.extracts.document import read_document
from assets.extracts.errors import DocumentError, spell_place
from assets.extracts.files.container import load_grid
from assets.extracts.meaning.definitions import OWN
from assets.extracts.taken.edition_before import NO_PREVIOUS
from assets.extracts.written.landing_files import CARD_NAME


@dataclass(frozen=True, slots=True)
class Print:
    """A figure as an edition printed it, in the indicator's canonical unit."""

    value: Decimal
    edition: int
    definition: str


Known = Mapping[tuple[str, str, int], Print]  # (region, indicator, reference year)


@dataclass(frozen=True, slots=True)
class Previous:
    """An edition that is landed. known: for each figure the latest print up to this edition."""

    card: Card
    readings: Mapping[str, Reading]  # by table number
    places: Mapping[str, str]  # by table number: where in its file it stands, for messages
    known: Known

    @property
    def key(self) -> str:
        """`source/edition`."""
        return f"{self.card.source}/{self.card.edition}"


def load_previous(landing: Path, source: str, edition: str) -> Previous:
    """Read an edition of a source. Raises DocumentError where it is not there or not sound."""
    path = landing / source / edition / CARD_NAME
    loaded = load_card(path, landing)
    card = loaded.card
    frame = Frame(card.region, card.edition, {})
    name = shown(loaded.document_path, landing.resolve())
    readings, places = {}, {}
    for number, table in card.tables.items():
        grid = load_grid(loaded.document_path, name, table, card.document.password)
        places[number] = spell_place(name, grid.sheet, None)
        readings[number] = probe(grid, table, number, frame)
    return Previous(card, readings, places, _known(landing, source, card.edition))


def editions(landing: Path, source: str) -> list[int]:
    """Editions of a source that have a card, oldest first."""
    folders = (path.parent.name for path in (landing / source).glob(f"*/{CARD_NAME}"))
    return sorted(int(name) for name in folders if name.isdigit())


def _known(landing: Path, source: str, last: int) -> Known:
    known: dict[tuple[str, str, int], Print] = {}
    for edition in editions(landing, source):
        if edition > last:
            break
        try:
            document = read_document(
                landing / source / str(edition) / CARD_NAME, landing, NO_PREVIOUS
            )
        except DocumentError:
            continue  # told when it is its turn in a refresh
        for row in document.observations:
            key = (row.region, row.indicator, row.reference_year)
            if row.definition != OWN and key in known and known[key].definition == OWN:
                continue  # a figure by another definition is no print of this one
            known[key] = Print(Decimal(repr(row.value)), edition, row.definition)
    return known
