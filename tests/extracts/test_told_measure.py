"""Texts beside a table that say another measure than the card takes stop it, wherever they are."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from assets.extracts.cards.content import merge
from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.files.text_file import load_text
from assets.extracts.proposing.open_questions import next_open
from assets.extracts.proposing.sheet_tables import sheet_tables

Try = Callable[..., Document]
PRICES = ("2015年不变价", "可比价格", "constant 2015 prices", "in real terms")
PARTS = (
    "上半年",
    "前三季度",
    "1-9月",
    "1—6月",
    "季度数据",
    "月度",
    "first half",
    "January-June",
    "Q3",
)
RATES = ("指数(上年=100)", "增长速度", "同比", "growth")
TABLE = ["指标,2018年,2019年", "地区生产总值(亿元),8104.1,8718.3", "年末常住人口(万人),2515,2509"]
FREE = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def attempt(catalogue: ModuleType, landing: Path) -> Try:
    """Read the lines of a CSV file of Gansu, or a workbook."""

    def of(data: list[str] | bytes, lines: list[str] = [], **changes: Any) -> Document:  # noqa: B006
        axes = {"indicator": {"down": "指标"}, "year": {"across": 1}, "lines": lines}
        raw = data if isinstance(data, bytes) else ("\n".join(data) + "\n").encode()
        name = "t.xlsx" if isinstance(data, bytes) else "t.csv"
        card = catalogue.sound_card(name, raw, {"1": {"axes": axes}}, 2025)
        card = merge({**card, "region": "CN-GS"}, {"tables": {"1": changes}})
        catalogue.write_folder(landing, card, raw, 2025)
        return read_document(landing / catalogue.SOURCE / "2025/card.yaml", landing)

    return of


def stopped(attempt: Try, text: str, *args: Any, found: str = "") -> None:
    """The text stops the document at its place, and the line that is advised mends it."""
    with pytest.raises(DocumentError) as caught:
        attempt(*args)
    assert found in caught.value.found
    assert text in caught.value.found
    line = next(t for t in caught.value.advice.splitlines() if t.strip().startswith("ignore:"))
    assert len(attempt(*args, **yaml.safe_load(line)).observations) == 4


@FREE
@given(
    text=st.sampled_from((*PRICES, *PARTS, *RATES)), of=st.sampled_from(("甘肃省{}主要指标", "{}"))
)
def test_a_title(attempt: Try, text: str, of: str) -> None:
    title = of.format(f" {text} ")
    stopped(attempt, text, [title, *TABLE], [" ".join(title.split())])


@FREE
@given(
    text=st.sampled_from(PRICES),
    of=st.sampled_from(
        ("注：本表按{}计算。", "注：1.数据来自年报；2.绝对数按{}计算", "说明：地区生产总值按{}计算")
    ),
)
def test_a_note(attempt: Try, text: str, of: str) -> None:
    stopped(attempt, text, [*TABLE, of.format(f" {text} ")], found="constant prices")


@pytest.mark.parametrize("place", ["时间：2019年1-6月", "时间：2019年3月", "数据库：分省季度数据"])
def test_a_line_of_an_export(attempt: Try, place: str) -> None:
    stopped(attempt, place, ["地区：甘肃省", place, *TABLE], found="a part of a year")


@pytest.mark.parametrize("sheet", ["2015年不变价", "上半年", "指数", "GDP index"])
def test_the_name_of_a_sheet(attempt: Try, sheet: str) -> None:
    made = Workbook()
    assert made.active is not None
    made.active.title = sheet
    for line in TABLE:
        made.active.append(
            [float(t) if t[0] in "28" and "年" not in t else t for t in line.split(",")]
        )
    buffer = BytesIO()
    made.save(buffer)
    stopped(attempt, sheet, buffer.getvalue())


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (["甘肃省主要指标（万元）"], []),
        ([], ["注：单位为万元"]),
        ([], ["注：1.按当年价格计算；2.以万元为计量单位。"]),
        ([], ["Note: figures are in million yuan"]),
    ],
)
def test_a_unit(attempt: Try, above: list[str], below: list[str]) -> None:
    stopped(
        attempt,
        "",
        [*above, *TABLE, *below],
        above,
        found="10k_cny" if not below or "万" in below[0] else "1m_cny",
    )


def test_a_unit_in_the_corner(attempt: Try) -> None:
    with pytest.raises(DocumentError, match="10k_cny"):
        attempt(
            ["万元,2018年", "地区生产总值(亿元),8104.1"],
            axes={"indicator": {"down": "万元"}, "year": {"across": 1}},
        )


@pytest.mark.parametrize(
    "text",
    [
        "甘肃省生产总值及其增长速度",
        "甘肃省地区生产总值和指数",
        "甘肃省主要指标(当年价格)",
        "甘肃省1-12月主要指标",
        "注：1.本表绝对数按当年价格计算，增长速度按可比价格计算。",
        "注：地区生产总值指数按不变价格计算",
        "注：工业增加值按不变价计算",
        "注：2020年上半年起口径有变",
        "注：单位为各地统计局",
        "Note: growth rates are at constant prices",
        "注：粮食产量以万吨为单位",
        "甘肃省主要指标(亿元)",
        "年末常住人口(万人)",
    ],
)
def test_what_says_nothing_of_these_figures(attempt: Try, text: str) -> None:
    is_note = text.startswith(("注", "Note"))
    lines = [*TABLE, text] if is_note else [text, *TABLE]
    assert len(attempt(lines, [] if is_note else [text]).observations) == 4


def test_an_indicator_at_constant_prices_is_what_its_title_says(
    attempt: Try, landing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YEARBOOK_HOME", str(landing.parent))
    (landing / "indicators.yaml").write_text(
        "real_product: {en: Product at prices of 2015, zh: 地区生产总值(2015年不变价), "
        "unit: 100m_cny, plausible: [100, 300000]}\n",
        encoding="utf-8",
    )
    title = "甘肃省(2015年不变价)"
    document = attempt([title, *TABLE[:2]], [title], labels={"地区生产总值": "real_product"})
    assert {row.indicator for row in document.observations} == {"real_product"}


def test_it_is_asked_about_before_a_card_is_written(tmp_path: Path) -> None:
    text = "甘肃省1-9月主要指标"
    (tmp_path / "t.csv").write_text("\n".join([text, *TABLE]) + "\n", encoding="utf-8")
    [found] = sheet_tables(load_text(tmp_path / "t.csv", "t.csv", None, None)).tables
    open_ = next_open(found.readings[0], "", "1", frozenset(), lambda _: False)
    assert open_ is not None
    assert open_.question.key == f"measure/{text}"
    assert not open_.question.certain
    [stop, nothing] = open_.question.choices
    assert stop.stops
    settled = open_.settle(nothing)
    assert len(settled.read.figures) == 4
    assert settled.entry["ignore"] == [text]


@pytest.mark.parametrize(
    ("title", "stops"),
    [
        ("2018年甘肃省主要指标", True),
        ("甘肃省主要指标 (2018)", True),
        ("2019年甘肃省主要指标", False),
        ("甘肃统计年鉴2020", False),
        ("甘肃省主要指标(2018-2019)", False),
    ],
)
def test_a_title_of_another_year_than_the_one_that_the_card_states(
    attempt: Try, title: str, stops: bool
) -> None:
    lines = [title, "指标,数值", "地区生产总值(亿元),8718.3"]
    year = {"across": None, "once": 2019}
    keys: dict[str, Any] = {"axes": {"year": year, "figures": "数值"}}
    if stops:
        with pytest.raises(DocumentError, match="names the year 2018"):
            attempt(lines, [title], **keys)
        keys["ignore"] = [title]
    assert len(attempt(lines, [title], **keys).observations) == 1
