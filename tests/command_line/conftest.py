"""The fixtures of `tests/faults/conftest.py`: the small warehouse, and copies of it."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import yaml

from assets.extracts.reading import ReadingProcess
from benchmarks.by_path import loaded
from orchestration.commands.conversation import filing

_TESTS = Path(__file__).parents[1]
_faults = loaded(_TESTS / "faults" / "conftest.py")

refreshed, home, run, tools = _faults.refreshed, _faults.home, _faults.run, _faults.tools


@pytest.fixture(scope="session")
def two_vintages(refreshed: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The small warehouse, refreshed again after one re-issue and one new, revising edition."""

    def make(home: Any) -> Any:
        _faults.copied(refreshed.home, home.root)
        _faults.reissue(home.landing, "he_recovered/2026", "0.009079601081703748", "0.0091")
        folder = home.landing / "made_revision" / "2025"
        folder.mkdir(parents=True)
        (folder / "figures.csv").write_text(REVISION, encoding="utf-8")
        pattern = (home.landing / "ppdoc_gansu_poverty/2020/card.yaml").read_text(encoding="utf-8")
        card = yaml.safe_load(pattern) | {"source": "made_revision", "edition": 2025}
        card |= {"standing": "official", "revisions": {"gross_product": "correction"}}
        _faults.sign(folder, card)
        return _faults.run_command(home.root, "refresh", "--verbose")

    return _faults.made_once(tmp_path_factory, "two_vintages", make)


# Gansu's gross product of 2012 (edition 2023 prints 5393.1), and one nobody printed before.
REVISION = """indicator,region,year,value,unit
gross_product,CN-GS,2012,5500.0,亿元
gross_product,CN-GS,1999,950.0,亿元
"""


@pytest.fixture(scope="session")
def one_reading_process() -> Iterator[None]:
    """`yearbook add` opens every file in the same process: to start one takes a second."""
    with ReadingProcess() as process, pytest.MonkeyPatch.context() as patch:
        patch.setattr(filing, "ReadingProcess", lambda: nullcontext(process))
        yield


@pytest.fixture(scope="session")
def containers() -> Any:
    """`tests/damage/containers.py`: one table as every kind of file."""
    return loaded(_TESTS / "damage" / "containers.py")
