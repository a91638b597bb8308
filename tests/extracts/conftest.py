"""Fixtures of the extracts tests: a landing folder, and the catalogue of damaged documents."""

from pathlib import Path
from types import ModuleType

import pytest

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
