"""`yearbook check`: every fault at once, a line for each sound document, nothing written."""

import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from assets.warehouse.home import Home
from benchmarks.small_landing import catalogue as makers_of_documents
from orchestration.commands.cli import main

pytestmark = pytest.mark.usefixtures("one_reading_process")


@pytest.fixture(scope="module")
def catalogue() -> ModuleType:
    return makers_of_documents()


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A warehouse with an empty landing folder that nobody ever refreshed."""
    monkeypatch.setenv("YEARBOOK_HOME", str(tmp_path))
    (tmp_path / "landing").mkdir()
    return Home(tmp_path)


def _files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*"))


def test_all_that_is_wrong_is_told_at_once(bare: Home, catalogue: Any, capsys: Any) -> None:
    text = catalogue.CSV
    for old, new in (
        ("农村贫困人口", "农村贫苦人口"),  # a label nobody knows
        ("7336.7", "7336.7?"),
        ("2509", "25O9"),
        ("11.17", "0.1117"),
    ):
        text = text.replace(old, new)
    catalogue.write_csv(bare.landing, text)
    before = _files(bare.root)
    assert main(["check"]) == 1
    out = capsys.readouterr().out
    for place in ("cell A7", "cell D5", "cell B6", "cell C8"):
        assert place in out
    assert "1 read, 1 of them wrong" in out
    assert _files(bare.root) == before


def test_figures_by_another_definition_are_named(bare: Home, catalogue: Any, capsys: Any) -> None:
    text = catalogue.CSV.replace("年末常住人口", "年末户籍人口")
    catalogue.write_csv(bare.landing, text)
    assert main(["check"]) == 0
    assert "2016 to 2019, population_year_end by registered" in capsys.readouterr().out


def test_a_folder_of_that_name_elsewhere_does_not_hide_the_warehouses(
    bare: Home, catalogue: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue.write_csv(bare.landing)
    (card,) = bare.landing.glob("*/*/card.yaml")
    named = card.parent.relative_to(bare.root)
    elsewhere = bare.root / "a clone"
    (elsewhere / named).mkdir(parents=True)
    monkeypatch.chdir(elsewhere)
    assert main(["check", str(named)]) == 0
    assert capsys.readouterr().out.endswith("1 read\n")


@pytest.mark.parametrize("name", ["", "gdp.csv", "card.yaml"])
def test_a_sound_document_has_a_line(bare: Home, catalogue: Any, capsys: Any, name: str) -> None:
    catalogue.write_csv(bare.landing)
    folder = bare.landing / catalogue.SOURCE / "2020"
    assert main(["check", str(folder / name)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "landing/damaged_source/2020: 1 table, 16 figures, 1 region, 2016 to 2019",
        "1 read",
    ]


def test_one_kind_of_fault_is_told_once_with_a_count(
    bare: Home, catalogue: Any, capsys: Any
) -> None:
    lines = "".join(f"gross_product,CN-GS,{year},{year}?,亿元,\n" for year in range(1951, 2019))
    head = catalogue.TIDY.splitlines()[0]
    catalogue.write_csv(bare.landing, f"{head}\n{lines}", {"axes": "typed"})
    assert main(["check"]) == 1
    out = capsys.readouterr().out
    assert "68 of this kind" in out
    assert "cell D2: '1951?' is not a number" in out
    assert "and 62 more" in out
    assert len(out.splitlines()) < 20


def test_a_path_without_a_document_is_refused(bare: Home, capsys: Any) -> None:
    assert main(["check", "landing/nobody"]) == 1
    assert "no document lies there" in capsys.readouterr().err


def test_odd_folders_stop_neither_check_nor_status(bare: Home, catalogue: Any, capsys: Any) -> None:
    catalogue.write_csv(bare.landing)
    good = bare.landing / catalogue.SOURCE
    (good / "loop").symlink_to("loop")
    os.mkdir(os.fsencode(good) + b"/caf\xe9")
    tagged = good / "2021"
    tagged.mkdir()
    (tagged / "card.yaml").write_text("title: !!bool maybe\n")
    (bare.landing / "awaited.yaml").write_text("- !!bool maybe\n")
    assert main(["check"]) == 1
    out = capsys.readouterr().out
    assert f"landing/{catalogue.SOURCE}/2020: 1 table, 16 figures" in out
    assert "4 read, 3 of them wrong" in out
    for told in ("leads nowhere", "caf\\udce9/card.yaml", "a tag (tag:yaml.org,2002:bool)"):
        assert told in out
    assert main(["status"]) == 0
    out = capsys.readouterr().out
    assert "0 in force, 4 waiting" in out
    assert "awaiting   not known: landing/awaited.yaml" in out
