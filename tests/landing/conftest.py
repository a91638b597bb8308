"""The shipped landing folder, read once for all tests of this folder."""

from pathlib import Path
from typing import Any

import pytest

from assets.extracts.document import Document, read_document
from assets.extracts.landed.survey import find_cards

REPOSITORY = Path(__file__).parents[2]
LANDING = REPOSITORY / "landing"
SHARED_DATA = REPOSITORY.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shipped(made_once: Any) -> tuple[Document, ...]:
    """Every shipped document, read with its card; a document that does not read is an error."""
    _, documents = made_once("shipped_documents", _read_all)
    return documents


def _read_all(_: Path) -> tuple[Document, ...]:
    return tuple(read_document(card, LANDING) for card in find_cards(LANDING))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with the figures as they were collected; skips where it is not at hand."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the collected figures are not at hand")
    return SHARED_DATA
