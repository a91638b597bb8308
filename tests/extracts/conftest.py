"""Fixtures of the extracts tests: a landing folder, and the catalogue of damaged documents."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def _loaded(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


_HERE = Path(__file__).parent
CATALOGUE = _loaded("damage_catalogue", _HERE.parent / "damage" / "catalogue.py")
RANDOM_TABLES = _loaded("random_tables", _HERE / "random_tables.py")


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
