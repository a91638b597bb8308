"""Fixtures of the extracts tests: a landing folder, and the catalogue of damaged documents."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from assets.extracts.document import Document, read_document
from benchmarks.by_path import loaded
from benchmarks.small_landing import catalogue as makers_of_documents

CATALOGUE = makers_of_documents()
RANDOM_TABLES = loaded(Path(__file__).with_name("random_tables.py"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "damage" in metafunc.fixturenames:
        metafunc.parametrize("damage", CATALOGUE.DAMAGES, ids=lambda damage: damage.name)


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    folder = tmp_path / "landing"
    folder.mkdir()
    return folder


@pytest.fixture
def catalogue() -> ModuleType:
    return CATALOGUE


@pytest.fixture
def random_tables() -> ModuleType:
    return RANDOM_TABLES


@pytest.fixture
def attempt(catalogue: ModuleType, landing: Path) -> Callable[..., Document]:
    """Read an edition of a CSV file of Gansu: indicators down, years across."""
    axes = {"indicator": {"down": "指标"}, "year": {"across": 1}}

    def of(lines: list[str], edition: int = 2020, **changes: Any) -> Document:
        raw = ("\n".join(lines) + "\n").encode()
        card = catalogue.sound_card("t.csv", raw, {"1": {"axes": axes, **changes}}, edition)
        catalogue.write_folder(landing, {**card, "region": "CN-GS"}, raw, edition)
        return read_document(landing / catalogue.SOURCE / f"{edition}/card.yaml", landing)

    return of
