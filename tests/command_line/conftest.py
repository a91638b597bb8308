"""The fixtures of `tests/faults/conftest.py`: the small warehouse, and copies of it."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from assets.warehouse.home import Home
from benchmarks.by_path import loaded

_TESTS = Path(__file__).parents[1]
_faults = loaded(_TESTS / "faults" / "conftest.py")

refreshed, home, run, tools = _faults.refreshed, _faults.home, _faults.run, _faults.tools


@pytest.fixture(scope="session")
def two_vintages(refreshed: Any, made_once: Any) -> Any:
    """The small warehouse, refreshed again after one re-issue and one new, revising edition."""

    def make(place: Path) -> dict[str, Any]:
        home = _faults.copied(refreshed.home, place / "home")
        _faults.reissue(home.landing, "he_recovered/2026", "0.009079601081703748", "0.0091")
        folder = home.landing / "made_revision" / "2025"
        folder.mkdir(parents=True)
        (folder / "figures.csv").write_text(REVISION, encoding="utf-8")
        pattern = (home.landing / "ppdoc_gansu_poverty/2020/card.yaml").read_text(encoding="utf-8")
        card = yaml.safe_load(pattern) | {"source": "made_revision", "edition": 2025}
        card |= {"standing": "official", "revisions": {"gross_product": "correction"}}
        _faults.sign(folder, card)
        return asdict(_faults.run_command(home.root, "refresh", "--verbose"))

    place, answer = made_once("two_vintages", make)
    return _faults.Refreshed(Home(place / "home"), _faults.Answer(**answer))


# Gansu's gross product of 2012 (edition 2023 prints 5393.1), and one nobody printed before.
REVISION = """indicator,region,year,value,unit
gross_product,CN-GS,2012,5500.0,亿元
gross_product,CN-GS,1999,950.0,亿元
"""


@pytest.fixture(scope="session")
def containers() -> Any:
    """`tests/damage/containers.py`: one table as every kind of file."""
    return loaded(_TESTS / "damage" / "containers.py")
