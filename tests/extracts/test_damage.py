"""Every kind of damage stops the document, with the file and the place named."""

import random
import warnings
from contextlib import suppress
from pathlib import Path
from types import ModuleType

import pytest

from assets.extracts.document import read_document
from assets.extracts.errors import DocumentError


def test_damage_is_named_with_its_place(damage, landing) -> None:
    damage.make(landing)
    with pytest.raises(DocumentError) as caught:
        read_document(landing / "damaged_source/2020/card.yaml", landing)
    message = str(caught.value)
    assert [text for text in damage.expect if text not in message] == []
    assert "Expected: " in message


def test_the_sound_documents_read(catalogue, landing) -> None:
    card = landing / "damaged_source/2020/card.yaml"
    catalogue.write_csv(landing)
    assert len(read_document(card, landing).observations) == 16
    catalogue.write_csv(landing, catalogue.TIDY, {"axes": "typed"})
    assert len(read_document(card, landing).observations) == 3
    catalogue.write_csv(
        landing, catalogue.PAPER, {"layout": "published_table", "kind": "coefficients"}
    )
    assert len(read_document(card, landing).statistics) == 16
    catalogue.write_book(landing)
    assert len(read_document(card, landing).observations) == 12


def test_names_of_damages_are_unique(catalogue) -> None:
    names = [damage.name for damage in catalogue.DAMAGES]
    assert len(set(names)) == len(names) >= 30


def _spoil(data: bytes, rng: random.Random) -> bytes:
    """Change, delete, repeat or cut off a few bytes."""
    spoilt = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5))):
        at, other = rng.randrange(len(spoilt)), rng.randrange(len(spoilt))
        match rng.randrange(4):
            case 0:
                spoilt[at] = rng.randrange(256)
            case 1:
                del spoilt[at : at + rng.randrange(1, 20)]
            case 2:
                spoilt[at:at] = spoilt[other : other + rng.randrange(1, 30)]
            case _:
                del spoilt[at:]
        spoilt = spoilt or bytearray(b"x")
    return bytes(spoilt)


@pytest.mark.parametrize("seed", range(4))
def test_spoilt_bytes_raise_nothing_but_document_errors(
    catalogue: ModuleType, landing: Path, seed: int
) -> None:
    rng = random.Random(seed)
    catalogue.write_book(landing)
    card = landing / "damaged_source/2020/card.yaml"
    book = (card.parent / "tables.xlsx").read_bytes()
    tables = {"9-1": {"axes": "years_down", "sheet": "9-1"}}
    documents = (
        (catalogue.CSV, None),
        (catalogue.TIDY, {"axes": "typed"}),
        (catalogue.PAPER, {"layout": "published_table", "kind": "coefficients"}),
    )
    for _ in range(60):
        text, table = rng.choice(documents)
        catalogue.write_csv(
            landing, _spoil(text.encode(rng.choice(("utf-8", "gb18030"))), rng), table
        )
        with suppress(DocumentError):
            read_document(card, landing)
        card.write_bytes(_spoil(card.read_bytes(), rng))
        with suppress(DocumentError):
            read_document(card, landing)
    for _ in range(15):
        data = _spoil(book, rng)
        catalogue.write_folder(landing, catalogue.sound_card("tables.xlsx", data, tables), data)
        with suppress(DocumentError), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells what it leaves out
            read_document(card, landing)
