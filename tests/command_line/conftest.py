"""The fixtures of `tests/faults/conftest.py`, and a small warehouse after changes by commands."""

import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from assets.warehouse.home import Home
from benchmarks.by_path import loaded

_TESTS = Path(__file__).parents[1]
_faults = loaded(_TESTS / "faults" / "conftest.py")

refreshed, home, run, tools = _faults.refreshed, _faults.home, _faults.run, _faults.tools
two_vintages = _faults.two_vintages


@pytest.fixture(scope="session")
def containers() -> Any:
    """`tests/damage/containers.py`: one table as every kind of file."""
    return loaded(_TESTS / "damage" / "containers.py")


@dataclass(frozen=True, slots=True)
class Changed:
    """The small warehouse after three changes that have nothing to do with each other.

    What each command said, by its name. A refresh takes long; each change has tests of its own.
    """

    home: Home
    said: dict[str, Any]


@pytest.fixture(scope="session")
def changed(refreshed: Any, made_once: Any, containers: Any) -> Changed:
    """The recovered sample's last PI is re-issued as 0.3091, a document is withdrawn, and in a git
    clone of that, an edition is filed; then it is refreshed. Tests that change it copy it.
    """

    def make(place: Path) -> dict[str, Any]:
        home = _faults.copied(refreshed.home, place / "home")
        _faults.reissue(home.landing, "he_recovered/2026", "0.009079601081703748", "0.3091")
        withdraw = ("withdraw", "ppdoc_gansu_poverty/2020", "--reason", "misread: see errata")
        said = {"withdraw": asdict(_faults.run_command(home.root, *withdraw))}
        shutil.copy(_TESTS.parent / ".gitignore", home.root)
        who = ("-c", "user.name=T", "-c", "user.email=t@t")
        for words in (("init",), ("add", "-A"), (*who, "commit", "-q", "-m", "before")):
            subprocess.run(["git", *words], cwd=home.root, check=True, capture_output=True)
        path = place / "annual_2025.xlsx"
        path.write_bytes(containers.xlsx(ANNUAL))
        add = ("add", str(path), "--yes", "--note", "MADE UP")
        said["add"] = asdict(_faults.run_command(home.root, *add))
        said["refresh"] = asdict(_faults.run_command(home.root, "refresh", "--verbose"))
        return said

    place, said = made_once("changed", make)
    return Changed(
        Home(place / "home"), {name: _faults.Answer(**one) for name, one in said.items()}
    )


# As nbs_regional_annual/2024 is laid out; 2023 is revised, two years are new.
ANNUAL = [
    ["数据库：分省年度数据"],
    ["地区：甘肃省"],
    ["时间：2023-2025"],
    ["指标", "2025年", "2024年", "2023年"],
    ["地区生产总值(亿元)", 13700.5, 13002.9, 11870.0],
    ["年末常住人口(万人)", 2450, 2458, 2465],
    ["数据来源：国家统计局"],
]
