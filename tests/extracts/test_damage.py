"""Every kind of damage stops the document, with the file and the place named."""

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
    catalogue.write_csv(landing, catalogue.TIDY, {"layout": "tidy_csv"})
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
