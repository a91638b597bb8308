"""Notes and comments that say another definition, vintage, price or coverage than is taken."""

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
from openpyxl.comments import Comment

from assets.extracts.cards.content import merge
from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.files.text_file import load_text
from assets.extracts.layouts.note_scope import clauses
from assets.extracts.proposing.open_questions import next_open
from assets.extracts.proposing.sheet_tables import sheet_tables

Try = Callable[..., Document]
TABLE = [
    "指标,2012年,2013年,2017年,2018年",
    "地区生产总值(亿元),5650.2,6268.0,7459.9,8104.1",
    "年末人口(万人),2577.5,2582.2,2515,2509",
]
YEARS = (2012, 2013, 2017, 2018)
PEOPLE, PRODUCT = "population_year_end", "gross_product"
AXES = {"indicator": {"down": "指标"}, "year": {"across": 1}}


@pytest.fixture
def attempt(catalogue: ModuleType, landing: Path) -> Try:
    """Read the lines of a CSV file of Gansu, or a workbook, as an edition of 2025."""

    def of(data: list[str] | bytes, edition: int = 2025, **changes: Any) -> Document:
        raw = data if isinstance(data, bytes) else ("\n".join(data) + "\n").encode()
        name = "t.xlsx" if isinstance(data, bytes) else "t.csv"
        card = catalogue.sound_card(name, raw, {"1": {"axes": AXES}}, edition)
        card = merge({**card, "region": "CN-GS"}, {"tables": {"1": changes}})
        catalogue.write_folder(landing, card, raw, edition)
        return read_document(landing / catalogue.SOURCE / f"{edition}/card.yaml", landing)

    return of


def refused(attempt: Try, note: str) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        attempt([*TABLE, note])
    assert all(fault.cell == "A4" for fault in caught.value.every), str(caught.value)
    return caught.value


def lines_for(error: DocumentError, key: str) -> dict[str, Any]:
    """The keys of a card that a refusal with all its faults advises."""
    stated: dict[str, Any] = {}
    for fault in error.every:
        for line in fault.advice.splitlines():
            if line.strip().startswith(f"{key}:"):
                stated = merge(stated, yaml.safe_load(line))
    return stated


def by_definition(document: Document, indicator: str) -> dict[int, str]:
    return {
        row.reference_year: row.definition
        for row in document.observations
        if row.indicator == indicator
    }


REGISTERED = dict.fromkeys(YEARS, "registered")
UP_TO_2012 = {2012: "registered", 2013: "own", 2017: "own", 2018: "own"}
FROM_2017 = {2012: "own", 2013: "own", 2017: "registered", 2018: "registered"}


@pytest.mark.parametrize(
    ("note", "counts"),
    [
        ("注：人口按户籍人口统计", REGISTERED),
        ("注：年末人口为公安部门户籍统计数", REGISTERED),
        ("Note: registered population", REGISTERED),
        ("注：2012年人口为户籍人口", UP_TO_2012),
        ("注：2013年以前为户籍人口", UP_TO_2012),
        ("说明：1.数据来源于统计年鉴；2.2012年人口数按户籍统计", UP_TO_2012),
        ("注：2013年起为常住人口", UP_TO_2012),
        ("注：2013年前,按户籍人口统计", UP_TO_2012),
        ("Note: figures for 2012 and before are registered population", UP_TO_2012),
        ("注：2017年及以后，人口为户籍人口口径", FROM_2017),
    ],
)
def test_a_definition_of_people(attempt: Try, note: str, counts: dict[int, str]) -> None:
    error = refused(attempt, note)
    by_card = attempt([*TABLE, note], **lines_for(error, "definitions"))
    assert by_definition(by_card, PEOPLE) == counts
    assert set(by_definition(by_card, PRODUCT).values()) == {"own"}
    ignored = attempt([*TABLE, note], **lines_for(error, "ignore"))
    assert set(by_definition(ignored, PEOPLE).values()) == {"own"}


BEFORE_2018 = "before_economic_census_2018"


@pytest.mark.parametrize(
    ("note", "years"),
    [
        ("注：2017年为第四次经济普查前数据", {2017}),
        ("注：2017年及以前数据为第四次全国经济普查修订前数据", {2012, 2013, 2017}),
        ("注：2018年起为第四次经济普查后数据", {2012, 2013, 2017}),
        ("注：2018年为第四次全国经济普查核定数", {2012, 2013, 2017}),
        ("注：2013-2017年数据未经第四次经济普查修订", {2013, 2017}),
        ("注：本表为第四次经济普查前数据", set(YEARS)),
    ],
)
def test_a_census_that_some_figures_are_before(attempt: Try, note: str, years: set[int]) -> None:
    document = attempt([*TABLE, note], **lines_for(refused(attempt, note), "definitions"))
    found = by_definition(document, PRODUCT)
    assert {year for year, key in found.items() if key == BEFORE_2018} == years
    assert set(by_definition(document, PEOPLE).values()) == {"own"}


def test_what_all_editions_of_a_year_say_is_no_other_benchmark(attempt: Try) -> None:
    note = "注：本表为第四次经济普查前数据"
    assert len(attempt([*TABLE, note], edition=2019).observations) == 8


@pytest.mark.parametrize(
    "note",
    [
        "注：2013年起按2010年不变价格计算",
        "注：2013年及以后按2015年价格计算",
        "注：地区生产总值2018年按2015年不变价计算",
        "Note: figures from 2013 on are at constant 2010 prices",
        "注：2018年为1-9月数据",
        "注：2018年数据为上半年数",
        "注：本表为指数（上年=100）",
        "注：2018年为同比增长率",
        "注：以1978年为100",
        "注：按年平均人口计算",
        "注：2018年为三季度末数",
        "注：年初数",
        "注：2018年含兰州新区，2017年不含",
        "注：市区数据",
        "注：本表仅为城镇",
        "注：2017年起单位为万元",
        "注：不含深圳",
        "注：2017年起不含兰州新区",
        "注：本表数据不包括中央在甘单位",
        "注：本表仅含规模以上单位",
        "Note: figures exclude Lanzhou New Area",
        "注：2018年起统计口径有变化",
        "注：2018年数据与以前年份不可比",
        "注：2017年及以前年份数据未作修订",
        "注：2018年为修订前数据",
        "注：2018年上半年起口径有变",
        "Note: data before 2013 are not comparable with later years",
    ],
)
def test_prices_parts_coverage_and_breaks(attempt: Try, note: str) -> None:
    error = refused(attempt, note)
    assert len(attempt([*TABLE, note], **lines_for(error, "ignore")).observations) == 8


# The second half are notes of the statistics site and of yearbooks.
@pytest.mark.parametrize(
    "note",
    [
        "注：2010年以前为户籍人口",
        "注：2005年起为常住人口",
        "注：2020年起不含兰州新区",
        "注：2011年及以前未修订",
        "注：本表数据为年末常住人口",
        "注：工业增加值按不变价计算",
        "注：深圳市按不变价格计算",
        "注：2018年起城镇化率口径有变化",
        "注：人均指标按户籍人口计算",
        "注：人均指标按年平均人口计算",
        "注：地区生产总值指数以1978年为100",
        "注：各县数据已扣除重复计算",
        "Note: 1990 and before are registered population.",
        "注：1981年及以前人口数为户籍统计数；1982、1990、2000、2010年数据为当年人口普查数据推算数；"
        "其余年份数据为年度人口抽样调查推算数据。",
        "注：1. 按照我国国民经济核算数据修订制度和国际通行做法，在第五次全国经济普查后，"
        "对1992年-2023年地区生产总值历史数据进行了系统修订。",
        "注：1. 根据第三次全国农业普查结果，2007-2017年年度农林牧渔业总产值进行了修订。",
        "注：1. 常住人口包括：居住在本乡镇街道且户口在本乡镇街道或户口待定的人；"
        "户口在本乡镇街道且外出不满半年或在境外工作学习的人。",
        "注：2003年以前农林牧渔业总产值指数按1990年不变价格计算,2003年以后按可比价计算。",
        "注：全国数据不包括香港、澳门特别行政区和台湾省。",
        "注：本表数据不含港澳台地区及现役军人",
        "注：第一产业是指农、林、牧、渔业（不含农、林、牧、渔专业及辅助性活动）。",
        "注：1. 根据第四次全国经济普查结果对2018年社会消费品零售总额进行了修订，"
        "2019年相应进行调整。",
        "注：3. 社会消费品零售总额1992年以前为社会商品零售总额。",
        "注：部分数据因四舍五入的原因，存在总计与分项合计不等的情况。",
    ],
)
def test_what_says_nothing_of_these_figures(attempt: Try, note: str) -> None:
    assert len(attempt([*TABLE, note]).observations) == 8


FORMS = (
    "{}年及以前", "{}年以前", "{}年起", "{}年及以后", "{}年", "{}—2018年", "其中：{}年", "自{}年",
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    year=st.integers(2010, 2020),
    form=st.sampled_from(FORMS),
    counts=st.sampled_from(
        ("为户籍人口", "人口为户籍人口", "，人口按户籍统计", "数据为户籍人口数")
    ),
)
def test_a_note_counts_for_the_years_that_it_names(
    attempt: Try, year: int, form: str, counts: str
) -> None:
    named = {
        "{}年及以前": range(1900, year + 1),
        "{}年以前": range(1900, year),
        "{}—2018年": range(year, 2019),
        "{}年": [year],
        "其中：{}年": [year],
    }.get(form, range(year, 2200))
    meant = {each for each in YEARS if each in named}
    lines = [*TABLE, f'"注：{form.format(year)}{counts}"']
    try:
        attempt(lines)
    except DocumentError as error:
        document = attempt(lines, **lines_for(error, "definitions"))
        found = by_definition(document, PEOPLE)
        assert {each for each, key in found.items() if key == "registered"} == meant != set()
    else:
        assert not meant


@pytest.mark.parametrize(
    "title",
    ["甘肃省主要指标(不含兰州新区)", "甘肃省主要指标（修订前）", "Gansu excluding Lanzhou"],
)
def test_a_title_may_say_another_coverage(attempt: Try, title: str) -> None:
    with pytest.raises(DocumentError) as caught:
        attempt([title, *TABLE])
    assert caught.value.cell == "A1"
    assert len(attempt([title, *TABLE], **lines_for(caught.value, "ignore")).observations) == 8


def test_a_footnote_mark_says_of_which(attempt: Try) -> None:
    lines = [line.replace("2018年", "2018年①").replace("2515", "2515②") for line in TABLE]
    with pytest.raises(DocumentError) as caught:
        attempt([*lines, "注：①为户籍人口；②不含兰州新区"])
    assert lines_for(caught.value, "definitions") == {
        "definitions": {"年末人口": {"registered": 2018}}
    }
    assert "leave out 兰州新区" in str(caught.value)
    assert "年末人口 of CN-GS, 2017" in str(caught.value)


def test_the_card_may_count_years_under_a_label_otherwise_than_it_says(attempt: Try) -> None:
    lines = [line.replace("年末人口", "年末常住人口") for line in TABLE]
    note = "注：2012年及以前为户籍人口"
    with pytest.raises(DocumentError) as caught:
        attempt([*lines, note])
    document = attempt([*lines, note], **lines_for(caught.value, "definitions"))
    assert by_definition(document, PEOPLE) == UP_TO_2012


@pytest.mark.parametrize(
    ("place", "text", "found"),
    [
        ("A3", "按户籍人口统计", "年末人口 of 2012-2013, 2017-2018"),
        ("B1", "作者:\n不含兰州新区", "leave out 兰州新区"),
        ("D1", "未经第四次经济普查修订", "地区生产总值 of 2017"),
        ("E2", "2015年不变价", "constant prices"),
        ("E1", "1-9月数据", "a part of a year"),
    ],
)
def test_a_comment_speaks_of_the_figures_of_its_cell(
    attempt: Try, place: str, text: str, found: str
) -> None:
    with pytest.raises(DocumentError, match=found) as caught:
        attempt(_workbook({place: text}))
    assert caught.value.cell == place
    mended = attempt(_workbook({place: text}), **lines_for(caught.value, "ignore"))
    assert len(mended.observations) == 8


def test_a_comment_on_a_year_says_its_status(attempt: Try) -> None:
    document = attempt(_workbook({"E1": "初步核算数", "A2": "国家统计局"}))
    found = {row.reference_year: row.status for row in document.observations}
    assert found == {2012: "final", 2013: "final", 2017: "final", 2018: "provisional"}


def test_add_asks_and_takes_what_a_note_says(tmp_path: Path) -> None:
    note = "注：2013年以前人口为户籍人口"
    (tmp_path / "t.csv").write_text("\n".join(["地区：甘肃省", *TABLE, note]), encoding="utf-8")
    [found] = sheet_tables(load_text(tmp_path / "t.csv", "t.csv", None, None)).tables
    open_ = next_open(found.readings[0], "", "1", frozenset(), lambda _: False)
    assert open_ is not None
    assert open_.question.key == f"measure/{note}"
    assert [choice.word for choice in open_.question.choices] == ["stop", "as-said", "nothing"]
    settled = open_.settle(open_.question.choices[1])
    assert settled.entry["definitions"] == {"年末人口": {"registered": 2012}}
    assert len(settled.read.figures) == 8
    assert not settled.read.measures


def _with_xlsx_notes(sheet: Any) -> None:
    notes = sheet.parent.create_sheet("说明")
    for line in NOTES:
        notes.append([line])


def _with_xls_notes(sheet: Any) -> None:
    notes = sheet.get_parent().add_sheet("说明")
    for i, line in enumerate(NOTES):
        notes.write(i, 0, line)


NOTES = ("说明", "2013年以前人口为户籍人口", "增长速度按可比价格计算")


@pytest.mark.parametrize(("kind", "add"), [("xlsx", _with_xlsx_notes), ("xls", _with_xls_notes)])
def test_a_sheet_of_notes_speaks_of_the_others(
    catalogue: ModuleType, landing: Path, kind: str, add: Callable[[Any], None]
) -> None:
    rows = [[_number(text) for text in line.split(",")] for line in TABLE]
    raw = getattr(catalogue.containers, kind)(rows, (), add)
    card = catalogue.sound_card(f"t.{kind}", raw, {"1": {"axes": AXES, "sheet": "9-1"}}, 2025)
    catalogue.write_folder(landing, {**card, "region": "CN-GS"}, raw, 2025)
    with pytest.raises(DocumentError) as caught:
        read_document(landing / catalogue.SOURCE / "2025/card.yaml", landing)
    assert (caught.value.sheet, caught.value.cell) == ("说明", "A2")
    stated = lines_for(caught.value, "definitions")
    card = merge({**card, "region": "CN-GS"}, {"tables": {"1": stated}})
    catalogue.write_folder(landing, card, raw, 2025)
    document = read_document(landing / catalogue.SOURCE / "2025/card.yaml", landing)
    assert by_definition(document, PEOPLE) == UP_TO_2012


def _number(text: str) -> Any:
    return text if "年" in text or "指" in text or "地" in text else float(text)


def _workbook(comments: dict[str, str]) -> bytes:
    made = Workbook()
    assert made.active is not None
    for line in TABLE:
        head, *cells = line.split(",")
        made.active.append([head, *(c if "年" in c else float(c) for c in cells)])
    for place, text in comments.items():
        made.active[place].comment = Comment(text, "author")
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def test_years_of_a_clause_go_on_to_the_next() -> None:
    [first, second] = clauses("注：2013年及以前，人口按户籍统计")
    assert second.scope(0, 0).periods == first.scope(0, 0).periods == (range(1900, 2014),)
    *_, others = clauses("1982、1990年为普查数，其余年份为推算数")
    scope = others.scope(0, 0)
    assert (scope.has_year(1982), scope.has_year(1985)) == (False, True)
