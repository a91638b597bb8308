"""Texts that speak of a part of the people or of the firms, over labels of the whole."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from assets.extracts.cards.content import merge
from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.files.text_file import load_text
from assets.extracts.proposing.open_questions import next_open
from assets.extracts.proposing.sheet_tables import sheet_tables

Try = Callable[..., Document]
INCOME = ("人均可支配收入(元)", 32323, 33830)
PEOPLE = ("年末人口(万人)", 1284, 337)
MONEY = ("社会消费品零售总额(亿元)", 3700.3, 900.1)
OUTPUT = ("农林牧渔业总产值(亿元)", 1888.7, 463.9)


@pytest.fixture
def attempt(catalogue: ModuleType, landing: Path) -> Try:
    """Read one indicator of two provinces in 2019 under a title."""

    def of(title: str, column: tuple[Any, ...], **changes: Any) -> Document:
        label, *values = column
        rows = [title, f"地区,{label}", f"甘肃,{values[0]}", f"青海,{values[1]}"]
        raw = ("\n".join(rows) + "\n").encode()
        axes = {
            "indicator": {"across": 1},
            "region": {"down": "地区"},
            "year": {"once": 2019},
            "lines": [title],
        }
        card = catalogue.sound_card("t.csv", raw, {"1": {"axes": axes}}, 2025)
        card = merge({**card, "region": "CN"}, {"tables": {"1": changes}})
        catalogue.write_folder(landing, card, raw, 2025)
        return read_document(landing / catalogue.SOURCE / "2025/card.yaml", landing)

    return of


def lines(error: DocumentError) -> list[dict[str, Any]]:
    """The lines of the card that the advice gives, each by itself."""
    texts = [text.strip() for text in error.advice.splitlines()]
    return [yaml.safe_load(text) for text in texts if text.startswith(("labels:", "ignore:"))]


@pytest.mark.parametrize(
    ("title", "column", "indicator"),
    [
        ("2019年城镇居民家庭基本情况", INCOME, "urban_disposable_income_per_head"),
        ("农民家庭收支", INCOME, "rural_disposable_income_per_head"),
        ("Urban households", INCOME, "urban_disposable_income_per_head"),
        ("2019年城镇人口情况", PEOPLE, "urban_population"),
        ("乡村人口", PEOPLE, "rural_population"),
        ("女性人口", PEOPLE, None),
        ("贫困地区农村居民生活", INCOME, None),
        ("限额以上单位零售额", MONEY, None),
        ("农垦系统产值", OUTPUT, None),
        ("县域经济主要指标", MONEY, None),
    ],
)
def test_a_title_of_a_part_is_not_of_the_whole(
    attempt: Try, title: str, column: tuple[Any, ...], indicator: str | None
) -> None:
    with pytest.raises(DocumentError) as caught:
        attempt(title, column)
    assert caught.value.cell == "A1"
    assert "speaks of a part" in caught.value.found
    as_said, nothing = lines(caught.value)
    if indicator is not None:
        found = attempt(title, column, **as_said).observations
        assert {row.indicator for row in found} == {indicator}
    assert len(attempt(title, column, **nothing).observations) == 2


@pytest.mark.parametrize(
    ("title", "column"),
    [
        ("城乡居民家庭基本情况", INCOME),
        ("城镇和农村居民人均可支配收入", INCOME),
        ("人均可支配收入及城镇居民消费", INCOME),
        ("城镇化进程", PEOPLE),
        ("年末人口及城镇人口", PEOPLE),
        ("城镇居民收入", ("城镇居民人均可支配收入(元)", 32323, 33830)),
        ("农村经济主要指标", OUTPUT),
        ("中国农村统计年鉴2020", INCOME),
        ("国民经济主要指标", MONEY),
        ("男女人口", PEOPLE),
        ("农村贫困状况", ("贫困发生率(%)", 3.1, 2.5)),
    ],
)
def test_a_title_of_the_whole_stops_nothing(
    attempt: Try, title: str, column: tuple[Any, ...]
) -> None:
    assert len(attempt(title, column).observations) == 2


def test_add_asks_and_takes_the_indicator_of_the_part(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "2019年城镇居民家庭基本情况\n地区,人均可支配收入(元)\n甘肃,32323\n青海,33830\n",
        encoding="utf-8",
    )
    [table] = sheet_tables(load_text(path, "t.csv", None, None)).tables
    [proposal] = table.readings
    open_ = next_open(proposal, "", "1", frozenset(), lambda _: False)
    assert open_ is not None
    assert open_.question.key == "measure/2019年城镇居民家庭基本情况"
    assert open_.question.choices[0].stops
    choice = open_.question.choice("as-said")
    assert choice is not None
    read = open_.settle(choice).read
    assert {figure.indicator for figure in read.figures} == {"urban_disposable_income_per_head"}


@pytest.mark.parametrize(
    ("heading", "value", "idle"),
    [
        ("SEX", "F", "_T"),
        ("Age", "Y15-64", "TOTAL"),
        ("城乡", "城镇", "全体"),
        ("Area", "Rural", "other"),
        ("分组", "其中：农村", "甘肃数"),
        ("PRICES", "L", "V"),
        ("TRANSFORMATION", "G1", "N"),
        ("s_adj", "SCA", "NSA"),
        ("BASE_PER", "2015", ""),
        ("Scenario", "Medium", ""),
        ("性质", "计划数", "年度"),
        ("指标", "社会消费品零售总额", "地区生产总值"),
    ],
)
def test_a_column_that_says_which_part_is_not_left_out(
    catalogue: ModuleType, landing: Path, heading: str, value: str, idle: str
) -> None:
    def read(text: str, **keys: Any) -> Document:
        raw = f"geo,TIME_PERIOD,OBS_VALUE,{heading}\nCN,2018,919281.1,{text}\n".encode()
        axes = {
            "indicator": {"once": "gross_product"},
            "region": {"down": "geo"},
            "year": {"down": "TIME_PERIOD"},
            "figures": "OBS_VALUE",
            "left_out": {"columns": [heading]},
        }
        table = merge({"axes": axes, "unit": "亿元"}, keys)
        card = {**catalogue.sound_card("t.csv", raw, {"1": table}, 2025), "region": "CN"}
        catalogue.write_folder(landing, card, raw, 2025)
        return read_document(landing / catalogue.SOURCE / "2025/card.yaml", landing)

    assert len(read(idle).observations) == 1
    with pytest.raises(DocumentError) as caught:
        read(value)
    assert caught.value.cell == "D1"
    texts = [text.strip() for text in caught.value.advice.splitlines()]
    mend = yaml.safe_load(next(text for text in texts if text.startswith("axes:")))
    assert mend["axes"] == {"only": {heading: value}}
    assert len(read(value, **mend).observations) == 1
