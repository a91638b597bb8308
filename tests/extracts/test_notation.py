"""(123), 123- and 8104·1 are numbers where the card says so, and else refused with that line."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from assets.extracts.adding.opening import Arrived, open_parts
from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.files.notation import notation_of
from assets.extracts.files.text_file import load_text
from assets.extracts.layouts.cells import parse_number
from assets.extracts.proposing.open_questions import next_open
from assets.extracts.proposing.sheet_tables import sheet_tables

Try = Callable[..., Document]
AXES = {"indicator": {"down": "指标"}, "year": {"across": 1}}
HEAD = "指标;2016年;2017年;2018年"
DECLARED = {
    "net_migration": {
        "zh": "净迁移人口",
        "en": "Net migration",
        "unit": "10k_persons",
        "plausible": [-500, 500],
    }
}


@pytest.fixture
def attempt(
    catalogue: ModuleType, landing: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Try:
    """Read one line of figures that may be below zero, of Gansu."""
    from assets.warehouse.home import HOME_VARIABLE

    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    text = yaml.safe_dump(DECLARED, allow_unicode=True)
    (landing / "indicators.yaml").write_text(text, encoding="utf-8")

    def of(line: str, **keys: Any) -> Document:
        raw = f"{HEAD}\n{line}\n".encode()
        card = catalogue.sound_card("t.csv", raw, {"1": {"axes": AXES, **keys}}, 2020)
        catalogue.write_folder(landing, {**card, "region": "CN-GS"}, raw, 2020)
        return read_document(landing / catalogue.SOURCE / "2020/card.yaml", landing)

    return of


@pytest.mark.parametrize(
    ("line", "values", "printed"),
    [
        ("净迁移人口(万人);(12.5);3.1;（2）", [-12.5, 3.1, -2], "(12.5)"),
        ("净迁移人口(万人);12.5-;3.1;2－", [-12.5, 3.1, -2], "12.5-"),
        ("地区生产总值(亿元);6907·9;7336·7;8104·1", [6907.9, 7336.7, 8104.1], "6907·9"),
    ],
)
def test_the_line_that_is_advised_reads_it(
    attempt: Try, line: str, values: list[float], printed: str
) -> None:
    with pytest.raises(DocumentError, match="is not a number") as caught:
        attempt(line)
    advised = {
        text.strip()
        for fault in caught.value.every
        for text in fault.advice.splitlines()
        if text.strip().startswith(("decimal:", "negatives:"))
    }
    [key] = advised
    rows = attempt(line, **yaml.safe_load(key)).observations
    assert [row.value for row in rows] == values
    assert rows[0].printed_value == printed
    assert rows[0].half_unit == 0.05


def test_a_point_beside_middle_dots_is_in_doubt(attempt: Try) -> None:
    with pytest.raises(DocumentError, match="has a decimal point") as caught:
        attempt("地区生产总值(亿元);6907·9;7336.7;8104·1", decimal="middle_dot")
    assert caught.value.cell == "C2"


@pytest.mark.parametrize("text", ["8104.1", "-12", "(a)", "12-15", "--", "(-3)", "a·1", "1·2·3"])
def test_other_texts_are_in_no_such_notation(text: str) -> None:
    assert notation_of(text) is None


@pytest.mark.parametrize(
    ("text", "plain"),
    [("(1,234.5)", "-1,234.5"), ("1 234-", "-1 234"), ("12–", "-12"), ("8,104·12", "8,104.12")],
)
def test_the_plain_number_is_one(text: str, plain: str) -> None:
    notation = notation_of(text)
    assert notation is not None
    assert notation.plain_number(text) == plain
    parse_number(plain)


def test_add_asks_for_signs_and_takes_proven_dots(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    head = f"地区：甘肃省\n{HEAD}\n"
    path.write_text(f"{head}地区生产总值(亿元);6907.9;(7336.7);8104.1", encoding="utf-8")
    [found] = sheet_tables(load_text(path, "t.csv", None, None)).tables
    open_ = next_open(found.readings[0], "", "1", frozenset(), lambda _: False)
    assert open_ is not None
    assert open_.question.key == "notation/brackets"
    assert open_.question.choices[0].stops
    settled = open_.settle(open_.question.choices[1])
    assert settled.entry["negatives"] == "brackets"
    assert [f.cell.text for f in settled.read.figures] == ["6907.9", "-7336.7", "8104.1"]
    path.write_text(f"{head}地区生产总值(亿元);6907·9;7336·7;8104·1", encoding="utf-8")
    [part] = open_parts(Arrived("t.csv", path))
    assert part.keys == {"decimal": "middle_dot"}
