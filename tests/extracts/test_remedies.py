"""The line that a refusal gives, put into the card as it stands, lets the rest be read."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from assets.extracts.cards.content import merge
from assets.extracts.document import read_document
from assets.extracts.errors import DocumentError

ACROSS = {"indicator": {"down": "指标"}, "year": {"across": 1}}
DOWN = {"indicator": {"across": 1}, "year": {"down": "年份"}}
LONG = {
    "indicator": {"once": "gross_product"},
    "region": {"down": "地区"},
    "year": {"down": "年份"},
    "figures": "值",
}
BY_PROVINCE = {
    "indicator": {"once": "population_year_end"},
    "region": {"down": "地区"},
    "year": {"across": 1},
}
PEOPLE = "年末常住人口(万人),2522"
GDP = "指标,2017年,2018年\n地区生产总值(亿元),7336.7,8104.1"
KEYS = (
    *("axes", "ignore", "labels", "regions", "unit", "units", "definitions", "statuses"),
    *("confirmed", "status_column", "only_years", "marks", "decimal", "negatives", "classes"),
)

# What stands in the document; the card's table; what is refused; the key of the line that is taken
# (and which, where it gives several); what is read then.
CASES: dict[str, tuple[str, dict[str, Any], str, str, list[float]]] = {
    "a year twice, across": (
        "指标,2017年,2017年\n地区生产总值(亿元),7336.7,8104.1",
        {"axes": ACROSS},
        "stands here",
        "axes",
        [7336.7],
    ),
    "a year twice, down": (
        "年份,地区生产总值(亿元)\n2017,7336.7\n2017,8104.1\n2018,8104.1",
        {"axes": DOWN},
        "stands here",
        "axes",
        [7336.7, 8104.1],
    ),
    "two years side by side": (
        "年份,Year,地区生产总值(亿元)\n2017,2017,7336.7\n2018,2019,8104.1",
        {"axes": {**DOWN, "year": {"down": ["年份", "Year"]}}},
        "side by side",
        "axes",
        [7336.7],
    ),
    "a label with two units": (
        "指标,2017年\n地区生产总值(亿元) Gross Regional Product(10 000 yuan),7336.7\n" + PEOPLE,
        {"axes": ACROSS},
        "two units",
        "ignore",
        [2522],
    ),
    "a unit that is unknown": (
        f"指标,2017年\n地区生产总值(两),7336.7\n{PEOPLE}",
        {"axes": ACROSS},
        "unknown",
        "ignore",
        [2522],
    ),
    "a unit of something else": (
        f"指标,2017年\n地区生产总值(万人),7336.7\n{PEOPLE}",
        {"axes": ACROSS},
        "a unit of persons",
        "ignore",
        [2522],
    ),
    "a unit that the card says otherwise": (
        GDP,
        {"axes": ACROSS, "units": {"地区生产总值": "万元"}},
        "the card says '万元'",
        "units",
        [7336.7, 8104.1],
    ),
    "no unit": (
        "指标,2017年\n地区生产总值,7336.7",
        {"axes": ACROSS},
        "no unit is printed",
        "units",
        [7336.7],
    ),
    "a label that is unknown": (
        f"指标,2017年\n某某(亿元),7336.7\n{PEOPLE}",
        {"axes": ACROSS},
        "某某",
        "ignore",
        [2522],
    ),
    "a figure out of range, by the card's unit": (
        "指标,2017年\n地区生产总值,7336.7",
        {"axes": ACROSS, "unit": "万元"},
        "cannot be gross_product",
        "unit",
        [7336.7],
    ),
    "a figure out of range that is right": (
        "指标,2017年\n地区生产总值(亿元),733670",
        {"axes": ACROSS},
        "cannot be gross_product",
        "confirmed",
        [733670],
    ),
    "a figure in two rows": (
        f"{GDP}\n生产总值(亿元),7336.7,8104.1",
        {"axes": ACROSS},
        "stands here and in",
        "ignore",
        [7336.7, 8104.1],
    ),
    "a label of the card that is gone": (
        GDP,
        {"axes": ACROSS, "labels": {"地区增加值": "gross_product"}},
        "the label '地区增加值' of the card",
        "labels",
        [7336.7, 8104.1],
    ),
    "a definition of a label that is gone": (
        GDP,
        {"axes": ACROSS, "definitions": {"户籍人口": "registered"}},
        "no figure of table 1 is labelled",
        "definitions",
        [7336.7, 8104.1],
    ),
    "a card that takes nothing": (
        GDP,
        {"axes": ACROSS, "only_years": {"first": 2010, "last": 2011}},
        "no figure the card takes",
        "only_years",
        [7336.7, 8104.1],
    ),
    "another number of blocks": (
        GDP,
        {"axes": {**ACROSS, "blocks": 2}},
        "1 blocks have the headings",
        "axes",
        [7336.7, 8104.1],
    ),
    "another heading": (
        GDP.replace("指标", "名目"),
        {"axes": ACROSS},
        "no row has the headings",
        "axes",
        [7336.7, 8104.1],
    ),
    "years that stand elsewhere": (
        "年份,地区生产总值(亿元)\n2017,7336.7\n2018,8104.1",
        {"axes": {"indicator": {"across": 1}, "region": {"down": "年份"}, "year": {"across": 1}}},
        "no year stands where",
        "axes",
        [],
    ),
    "a column of flags that is not there": (
        GDP,
        {"axes": ACROSS, "status_column": "FLAG"},
        "no column is headed 'FLAG'",
        "status_column",
        [7336.7, 8104.1],
    ),
    "a column of units that is not there": (
        GDP,
        {"axes": {**ACROSS, "unit": "单位"}},
        "no column is headed '单位'",
        "axes",
        [7336.7, 8104.1],
    ),
    "a column of choice that is not there": (
        GDP,
        {"axes": {**ACROSS, "only": {"价格": "现价"}}},
        "no column is headed '价格'",
        "axes",
        [7336.7, 8104.1],
    ),
    "a flag that is unknown": (
        "年份,地区,值,FLAG\n2017,甘肃省,7336.7,\n2018,甘肃省,8104.1,y",
        {"axes": LONG, "unit": "亿元", "status_column": "FLAG"},
        "'y' is no flag",
        "axes",
        [7336.7],
    ),
    "a column of flags that the card does not name": (
        "年份,地区,值,FLAG\n2017,甘肃省,7336.7,\n2018,甘肃省,8104.1,p",
        {"axes": {**LONG, "left_out": {"columns": ["FLAG"]}}, "unit": "亿元"},
        "the column of flags",
        "status_column",
        [7336.7, 8104.1],
    ),
    "a power of ten that is none": (
        "年份,地区,值,UNIT_MULT\n2017,甘肃省,7336.7,8\n2018,甘肃省,8104.1,viele",
        {"axes": {**LONG, "multiplier": "UNIT_MULT"}, "unit": "元"},
        "viele",
        "axes",
        [7336.7],
    ),
    "a quality that is none": (
        "年份,地区,值,注\n2017,甘肃省,7336.7,gut\n2018,甘肃省,8104.1,",
        {"axes": {**LONG, "quality": "注"}, "unit": "亿元"},
        "'gut' is no quality",
        "axes",
        [7336.7, 8104.1],
    ),
    "a region that is unknown": (
        "地区,2017年\n甘肃省,2522\n陇原,2515",
        {"axes": BY_PROVINCE, "unit": "万人"},
        "the region '陇原' is unknown",
        "axes/ignore",
        [2522],
    ),
    "a region that is not there": (
        "地区,2017年\n甘肃省,2522\n青海省,598",
        {"axes": {**BY_PROVINCE, "only_regions": ["CN-GS", "CN-BJ"]}, "unit": "万人"},
        "there is no figure of CN-BJ",
        "axes",
        [2522],
    ),
    "no year in a row": (
        "年份,地区生产总值(亿元)\n2017,7336.7\n平均,8104.1",
        {"axes": DOWN},
        "is not a year",
        "ignore",
        [7336.7],
    ),
    "a year after the edition": (
        "指标,2017年,2021年\n地区生产总值(亿元),7336.7,8104.1",
        {"axes": ACROSS},
        "cannot be reported",
        "only_years",
        [7336.7],
    ),
    "a text above the table": (
        "乙文\n地区,2017年\n甘肃省,2522",
        {"axes": BY_PROVINCE, "unit": "万人"},
        "'乙文' stands above the table",
        "axes",
        [2522],
    ),
    "a line that is gone": (
        GDP,
        {"axes": {**ACROSS, "lines": ["表1"]}},
        "no text beside the table reads",
        "axes",
        [7336.7, 8104.1],
    ),
    "a text between the rows": (
        f"{GDP}\n兰州市,,\n{PEOPLE},2530",
        {"axes": ACROSS},
        "stands between the rows",
        "axes",
        [7336.7, 8104.1],
    ),
    "a text between the rows that is gone": (
        GDP,
        {"axes": {**ACROSS, "left_out": {"under": ["兰州市"]}}},
        "no row of the table is headed",
        "axes",
        [7336.7, 8104.1],
    ),
    "a row below the notes": (
        f"{GDP}\n注：按当年价格计算,,\n年末常住人口(万人),2522,2530",
        {"axes": ACROSS},
        "stands below the table",
        "axes",
        [7336.7, 8104.1],
    ),
    "a column without a heading": (
        "指标,2017年,\n地区生产总值(亿元),7336.7,8104.1",
        {"axes": ACROSS},
        "stands in a column without",
        "axes",
        [7336.7],
    ),
    "a mark that is unknown": (
        "指标,2017年,2018年\n地区生产总值(亿元),7336.7,…",
        {"axes": ACROSS},
        "the card does not explain",
        "marks",
        [7336.7],
    ),
    "a number in brackets": (
        "指标,2017年,2018年\n地区生产总值(亿元),7336.7,(8104.1)",
        {"axes": ACROSS, "confirmed": {"C2": "(8104.1)"}},
        "is not a number",
        "negatives",
        [7336.7, -8104.1],
    ),
    "a class": (
        "指标,2017年,2018年\n贫困发生率(%),7.9,3-5",
        {"axes": ACROSS},
        "is a class",
        "classes",
        [7.9],
    ),
    "a note in words that no rule knows": (
        f"{GDP}\n注：含农垦",
        {"axes": ACROSS},
        "no rule knows",
        "ignore",
        [7336.7, 8104.1],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_line_that_is_advised_works(catalogue: ModuleType, landing: Path, name: str) -> None:
    text, table, found, keys, taken = CASES[name]
    raw = f"{text}\n".encode()
    card = {**catalogue.sound_card("t.csv", raw, {"1": table}, 2020), "region": "CN-GS"}
    path = landing / catalogue.SOURCE / "2020/card.yaml"
    catalogue.write_folder(landing, card, raw, 2020)
    with pytest.raises(DocumentError) as caught:
        read_document(path, landing)
    assert found in str(caught.value), str(caught.value)
    lines = [line.strip() for line in caught.value.advice.splitlines()]
    wanted = tuple(f"{key}:" for key in keys.split("/"))
    advised = [line for line in lines if line.startswith(wanted)]
    assert advised, caught.value.advice
    # What is advised may uncover another refusal, whose first line is then taken.
    card = merge(card, {"tables": {"1": yaml.safe_load(advised[0])}})
    catalogue.write_folder(landing, card, raw, 2020)
    if taken:
        assert [row.value for row in read_document(path, landing).observations] == taken
    else:
        with pytest.raises(DocumentError) as after:
            read_document(path, landing)
        assert found not in str(after.value)


def test_another_unit_or_label_than_the_edition_before(
    catalogue: ModuleType, landing: Path
) -> None:
    def read(text: str, edition: int, **keys: Any) -> list[float]:
        raw = f"{text}\n".encode()
        card = catalogue.sound_card("t.csv", raw, {"1": {"axes": ACROSS, **keys}}, edition)
        catalogue.write_folder(landing, {**card, "region": "CN-GS"}, raw, edition)
        path = landing / catalogue.SOURCE / f"{edition}/card.yaml"
        return [row.value for row in read_document(path, landing).observations]

    def line(text: str, edition: int, key: str) -> dict[str, Any]:
        with pytest.raises(DocumentError) as caught:
            read(text, edition)
        lines = (each.strip() for each in caught.value.advice.splitlines())
        stated: dict[str, Any] = yaml.safe_load(next(li for li in lines if li.startswith(key)))
        return stated

    read(f"{GDP}\n{PEOPLE},2530", 2019)
    gone = line(GDP, 2020, "ignore:")
    assert read(GDP, 2020, **gone) == [7336.7, 8104.1]
    other = GDP.replace("亿元", "万元").replace("7336.7", "73367000").replace("8104.1", "81041000")
    other += f"\n{PEOPLE},2530"
    stated = line(other, 2020, "units:")
    assert read(other, 2020, **stated) == [7336.7, 8104.1, 2522, 2530]
