"""A title about a place below the province is not the province's: 兰州市主要指标 of Gansu."""

import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.files.text_file import load_text
from assets.extracts.proposing.proposal import why_not
from assets.extracts.proposing.sheet_tables import sheet_tables
from assets.extracts.region_statements import titled_place

Try = Callable[..., Document]
TABLE = ["指标,2017年,2018年", "地区生产总值(亿元),2523.5,2732.9"]
PLACES = {
    "兰州市主要指标": "兰州市",
    "天水市2017年主要指标": "天水市",
    "甘肃省兰州市国民经济主要指标": "兰州市",
    "表1 临夏回族自治州生产总值": "临夏回族自治州",
    "深圳市统计资料": "深圳市",
    "永登县(2010-2018年)": "永登县",
    "兰州新区主要指标": "兰州新区",
}
NO_PLACES = (
    "甘肃省主要指标",
    "各市县主要指标",
    "甘肃省各市州主要指标",
    "城市主要指标",
    "主要城市统计指标",
    "国家扶贫开发工作重点县统计",
    "省会城市经济指标",
    "分市县人口",
    "2018年国民经济主要指标",
)


@pytest.fixture
def attempt(catalogue: ModuleType, landing: Path) -> Try:
    """Read a CSV file below a title."""

    def of(title: str, region: str, **keys: Any) -> Document:
        raw = ("\n".join([title, *TABLE]) + "\n").encode()
        axes = {"indicator": {"down": "指标"}, "year": {"across": 1}}
        card = catalogue.sound_card("t.csv", raw, {"1": {"axes": axes, **keys}}, 2020)
        catalogue.write_folder(landing, {**card, "region": region}, raw, 2020)
        return read_document(landing / catalogue.SOURCE / "2020/card.yaml", landing)

    return of


@pytest.mark.parametrize(("title", "place"), PLACES.items())
def test_a_smaller_place_is_not_its_province(attempt: Try, title: str, place: str) -> None:
    assert titled_place(title) == place
    with pytest.raises(DocumentError, match=f"is about {place}") as caught:
        attempt(title, "CN-GS")
    advice = caught.value.advice
    line = next(each for each in advice.splitlines() if each.strip().startswith("ignore:"))
    assert len(attempt(title, "CN-GS", **yaml.safe_load(line)).observations) == 2
    if code := re.search(r"CN-\d\d-\d\d", advice):
        rows = attempt(title, code[0]).observations
        assert {row.region for row in rows} == {code[0]}
    else:
        assert "landing/regions.yaml declares it" in advice


@pytest.mark.parametrize("title", NO_PLACES)
def test_kinds_of_places_are_no_names(attempt: Try, title: str) -> None:
    assert titled_place(title) is None
    assert len(attempt(title, "CN-GS").observations) == 2


@pytest.mark.parametrize("title", ["上海市主要指标", "北京市国民经济主要指标", "重庆市人口"])
def test_a_city_that_is_a_province_is_itself(attempt: Try, title: str) -> None:
    region = {"上": "CN-SH", "北": "CN-BJ", "重": "CN-CQ"}[title[0]]
    assert len(attempt(title, region).observations) == 2


def test_add_refuses_a_place_that_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["海南藏族自治州主要指标", *TABLE]), encoding="utf-8")
    grid = load_text(path, "t.csv", None, None)
    assert not sheet_tables(grid).tables
    assert "is about 海南藏族自治州" in str(why_not(grid))


def test_add_takes_the_place_that_the_title_says(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["甘肃省天水市主要指标", *TABLE]), encoding="utf-8")
    [found] = sheet_tables(load_text(path, "t.csv", None, None)).tables
    assert {figure.region for figure in found.readings[0].read.figures} == {"CN-62-05"}
