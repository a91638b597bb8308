"""The line that a refusal gives, put into the card as it stands, lets the rest be read."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from assets.extracts.cards.card import merge
from assets.extracts.document import read_document
from assets.extracts.errors import DocumentError

ACROSS = {"indicator": {"down": "指标"}, "year": {"across": 1}}
DOWN = {"indicator": {"across": 1}, "year": {"down": "年份"}}


@pytest.mark.parametrize(
    ("text", "axes", "found", "taken"),
    [
        ("指标,2017年,2017年\n地区生产总值(亿元),7336.7,8104.1", ACROSS, "stands here", [7336.7]),
        (
            "年份,地区生产总值(亿元)\n2017,7336.7\n2017,8104.1\n2018,8104.1",
            DOWN,
            "stands here",
            [7336.7, 8104.1],
        ),
        (
            "年份,Year,地区生产总值(亿元)\n2017,2017,7336.7\n2018,2019,8104.1",
            {**DOWN, "year": {"down": ["年份", "Year"]}},
            "side by side",
            [7336.7],
        ),
        (
            "指标,2017年\n地区生产总值(亿元) Gross Regional Product(10 000 yuan),7336.7\n"
            "年末常住人口(万人),2522",
            ACROSS,
            "two units",
            [2522],
        ),
    ],
)
def test_the_line_that_is_advised_works(
    catalogue: ModuleType,
    landing: Path,
    text: str,
    axes: dict[str, Any],
    found: str,
    taken: list[float],
) -> None:
    raw = f"{text}\n".encode()
    card = {**catalogue.sound_card("t.csv", raw, {"1": {"axes": axes}}, 2020), "region": "CN-GS"}
    path = landing / catalogue.SOURCE / "2020/card.yaml"
    catalogue.write_folder(landing, card, raw, 2020)
    with pytest.raises(DocumentError, match=found) as caught:
        read_document(path, landing)
    [line, *_] = [
        line
        for line in caught.value.advice.splitlines()
        if line.strip().startswith(("axes:", "ignore:"))
    ]
    catalogue.write_folder(landing, merge(card, {"tables": {"1": yaml.safe_load(line)}}), raw, 2020)
    assert [row.value for row in read_document(path, landing).observations] == taken
