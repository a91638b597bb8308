"""Figures that are printed as classes: what is one, and what becomes of it."""

from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.layouts.cells import parse_number
from assets.extracts.layouts.classes import parse_class

RATES = """指标：农村贫困发生率(%)
时间：2018
地区,2018年,2016年
北京市,3%及以下,＜3%
云南省,4.8,10%及以上
甘肃省,3%-6%,≥10
广西壮族自治区,…,5~10
"""
OPEN = None


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("3-5", 3, 5),
        ("3%-5%", 3, 5),
        ("3.5％～10％", "3.5", 10),
        ("3至5之间", 3, 5),
        ("3 to 5", 3, 5),
        ("<3", OPEN, 3),
        ("≤ 3%", OPEN, 3),
        ("3%以下", OPEN, 3),
        ("3及以下", OPEN, 3),
        ("低于3%", OPEN, 3),
        ("3 or less", OPEN, 3),
        ("below 3", OPEN, 3),
        ("≥10", 10, OPEN),
        ("10%及以上", 10, OPEN),
        ("10 or more", 10, OPEN),
        ("超过10%", 10, OPEN),
        ("10+", 10, OPEN),
    ],
)
def test_a_class_has_the_ends_that_are_printed(text: str, low: Any, high: Any) -> None:
    found = parse_class(text)
    assert found is not None
    assert found.low == (None if low is OPEN else Decimal(low))
    assert found.high == (None if high is OPEN else Decimal(high))
    assert found.in_percent == ("%" in text or "％" in text)


@pytest.mark.parametrize(
    "text",
    ["5-3", "3-3", "3", "-3", "3%", "2019-2020年", "…", "-", "", "约3", "3-5-7", "<-3", "03-5"],
)
def test_anything_else_is_none(text: str) -> None:
    assert parse_class(text) is None


@given(st.text(alphabet="0123456789.-,% <>≤≥以上下及至~", max_size=12))
def test_no_text_is_a_number_and_a_class(text: str) -> None:
    try:
        parse_number(text)
    except ValueError:
        return
    assert parse_class(text) is None


@pytest.fixture
def read(catalogue: ModuleType, landing: Path) -> Any:
    def read(data: str, **table: Any) -> Document:
        catalogue.write_csv(landing, data, {"axes": "site_regions", **table}, region="CN")
        return read_document(landing / "damaged_source/2020/card.yaml", landing)

    return read


def test_classes_and_numbers_stand_side_by_side(read: Any) -> None:
    document = read(RATES, classes="read", marks={"…": "not_available"})
    assert [(row.region, row.value) for row in document.observations] == [("CN-YN", 4.8)]
    assert [row.region for row in document.unavailable] == ["CN-GX"]
    assert {
        (row.region, row.reference_year): (row.low, row.high, row.cell)
        for row in document.intervals
    } == {
        ("CN-BJ", 2018): (None, 3.0, "B4"),
        ("CN-BJ", 2016): (None, 3.0, "C4"),
        ("CN-YN", 2016): (10.0, None, "C5"),
        ("CN-GS", 2018): (3.0, 6.0, "B6"),
        ("CN-GS", 2016): (10.0, None, "C6"),
        ("CN-GX", 2016): (5.0, 10.0, "C7"),
    }
    gansu = next(row for row in document.intervals if row.cell == "B6")
    assert (gansu.printed_value, gansu.unit, gansu.status) == ("3%-6%", "pct", "final")


def test_without_the_card_s_word_a_class_stops_the_document(read: Any) -> None:
    with pytest.raises(DocumentError) as refused:
        read(RATES, marks={"…": "not_available"})
    told = str(refused.value)
    assert "cell B4: '3%及以下' is a class, no number" in told
    assert 'classes: "read"' in told


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("5%-3%", "'5%-3%' is not a number"),
        ("约3%-6%", "is not a number"),
        ("3%-600%", "600 pct, which cannot be poverty_incidence of CN-GS, 2018"),
    ],
)
def test_what_is_no_class_or_cannot_be_stops_it(read: Any, wrong: str, said: str) -> None:
    with pytest.raises(DocumentError) as refused:
        read(RATES.replace("3%-6%", wrong), classes="read", marks={"…": "not_available"})
    assert "cell B6" in str(refused.value)
    assert said in str(refused.value)


def test_per_cent_of_another_unit_stops_it(read: Any) -> None:
    persons = RATES.replace("农村贫困发生率(%)", "农村贫困人口(万人)").replace("4.8", "179")
    with pytest.raises(DocumentError, match="is a class in per cent, the unit another"):
        read(persons, classes="read", marks={"…": "not_available"})
