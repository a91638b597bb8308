"""Whatever a document says of its region is heeded, and no number of a table is lost.

The files in `documents/` are made after what users meet: each once gave wrong figures, or lost the
newest year, without a word.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.extracts.cards.card import TableCard
from assets.extracts.document import Document, read_document, read_figures
from assets.extracts.errors import DocumentError
from assets.extracts.figure import TableSource
from assets.extracts.files.grid import Cell, Grid
from assets.extracts.meaning.registry import regions
from assets.extracts.region_statements import provinces_named, region_lines

CASES = Path(__file__).parent / "documents"
ACROSS = {"axes": "years_across"}
DOWN = {"axes": "years_down", "unit": "亿元"}
LONG: dict[str, Any] = {
    "axes": {"indicator": {"across": 1}, "region": {"down": "省份"}, "year": {"down": "年份"}}
}
EXPORT = {"axes": "site"}
PROVINCES = sorted(c for c, r in regions().items() if r.is_chinese_province and c != "CN-GS")
Rows = list[list[str]]


@pytest.fixture
def read_case(catalogue: ModuleType, landing: Path) -> Callable[..., Document]:
    def read(name: str, table: dict[str, Any], edition: int = 2024) -> Document:
        data = (CASES / name).read_bytes()
        folder = f"damaged_source/{edition}"
        card = catalogue.sound_card(name, data, {"1": table}, edition)
        catalogue.write_folder(landing, card, data, edition)
        return read_document(landing / folder / "card.yaml", landing)

    return read


def values(document: Document) -> dict[tuple[str, int], float]:
    return {(row.indicator, row.reference_year): row.value for row in document.observations}


def read_rows(rows: Rows, table: Mapping[str, Any], sheet: str = "Sheet1") -> set[tuple[Any, ...]]:
    """Figures of a table of the card of Gansu: region, indicator, year and the text of the cell."""
    cells = tuple(
        tuple(Cell(row, column, text) for column, text in enumerate(texts, 1))
        for row, texts in enumerate(rows, 1)
    )
    grid = Grid("landing/made/2024/table.xlsx", sheet, cells, None, {})
    read = read_figures(TableSource(grid, TableCard.model_validate(table), "1", "CN-GS", 2024))
    return {(f.region, f.indicator, f.reference_year, f.cell.text) for f in read.figures}


@pytest.mark.parametrize("layout", [EXPORT, ACROSS], ids=["site", "years_across"])
@pytest.mark.parametrize(
    ("name", "named"),
    [("region_of_another_province.csv", "上海市"), ("region_line_disagrees.csv", "青海省")],
)
def test_a_region_line_that_disagrees_stops_every_layout(
    read_case: Any, layout: dict[str, Any], name: str, named: str
) -> None:
    with pytest.raises(DocumentError) as raised:
        read_case(name, layout)
    assert raised.value.cell == "A2"
    assert f"'地区：{named}' names {named}" in raised.value.found
    assert raised.value.expected == "甘肃省 (CN-GS), the region of the card"


def test_the_newest_year_is_read_if_its_heading_states_a_status(read_case: Any) -> None:
    document = read_case("newest_year_provisional.csv", EXPORT)
    assert values(document)["gross_product", 2019] == 8718.3
    document = read_case("heading_with_line_break.xlsx", ACROSS)
    assert values(document)["gross_product", 2019] == 8718.3
    newest = [row.status for row in document.observations if row.reference_year == 2019]
    assert set(newest) == {"provisional"}


def test_a_heading_that_is_no_year_stops_or_is_left_out_by_name(read_case: Any) -> None:
    with pytest.raises(DocumentError) as raised:
        read_case("newest_year_half.csv", ACROSS)
    assert raised.value.cell == "B1"
    assert 'ignore: ["2019年上半年"]' in raised.value.advice
    document = read_case("newest_year_half.csv", {**ACROSS, "ignore": ["2019年上半年"]})
    assert {year for _, year in values(document)} == {2018, 2017}
    assert len(values(document)) == 4


@pytest.mark.parametrize(
    "heading",
    ["2019年上半年", "2019-12-31", "2019\n上半年", "1-9月", "2019年比上年增长(%)", "合计"],
)
@pytest.mark.parametrize("at", [1, 2, 3])
def test_advice_about_a_heading_works(heading: str, at: int) -> None:
    rows = [["指标", "2018年", "2017年"], ["地区生产总值(亿元)", "8104.1", "7336.7"]]
    rows[0].insert(at, heading)
    rows[1].insert(at, "8718.3")
    with pytest.raises(DocumentError) as raised:
        read_rows(rows, ACROSS)
    named = raised.value.advice.split('ignore: ["')[1].split('"]')[0]
    assert len(read_rows(rows, {**ACROSS, "ignore": [named]})) == 2


def test_a_blank_heading_above_numbers_stops_at_the_number() -> None:
    rows = [["指标", "", "2018年"], ["地区生产总值(亿元)", "8718.3", "8104.1"]]
    with pytest.raises(
        DocumentError, match=r"cell B2: '8718\.3' stands in a column without a year"
    ):
        read_rows(rows, ACROSS)


def test_a_period_among_years_is_left_out_by_name() -> None:
    rows = [
        ["年份", "地区生产总值"],
        ["2011", "4816.9"],
        ["“十二五”时期", "28000"],
        ["2016", "6907.9"],
    ]
    with pytest.raises(DocumentError, match="cell A3: '“十二五”时期' is not a year"):
        read_rows(rows, DOWN)
    assert len(read_rows(rows, {**DOWN, "ignore": ["“十二五”时期"]})) == 2


def test_a_note_below_a_long_table_is_a_note(read_case: Any) -> None:
    document = read_case("note_line.csv", LONG)
    assert values(document) == {("gross_product", 2018): 8104.1}
    gansu = ["甘肃省", "2018", "8104.1"]
    with pytest.raises(DocumentError, match="stands below the table"):
        read_rows([["省份", "年份", "地区生产总值（亿元）"], ["注：现价"], gansu], LONG)


@pytest.mark.parametrize("layout", [EXPORT, ACROSS], ids=["site", "years_across"])
def test_the_english_export_of_the_site(read_case: Any, layout: dict[str, Any]) -> None:
    assert values(read_case("english_export.csv", layout)) == {
        ("gross_product", 2019): 8718.3,
        ("gross_product", 2018): 8104.1,
        ("population_year_end", 2019): 2509,
        ("population_year_end", 2018): 2515,
    }


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("甘肃省主要指标", {"CN-GS"}),
        ("青 海 省 GDP", {"CN-QH"}),
        ("GDP of Shaanxi", {"CN-SN"}),
        ("Inner Mongolia: GDP", {"CN-NM"}),
        ("全国地区生产总值", {"CN"}),
        ("全国及甘肃省", {"CN-GS"}),
        ("中国统计年鉴 2019", set()),
        ("National Bureau of Statistics of China", set()),
        ("Gross National Product", set()),
        ("地区生产总值", set()),
    ],
)
def test_regions_named_in_a_text(text: str, named: set[str]) -> None:
    assert provinces_named(text) == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("地区：甘肃省", {"CN-GS"}),
        ("Region: Gansu", {"CN-GS"}),
        ("地区 Region: 青海省 Qinghai", {"CN-QH"}),
        ("数据库：分省年度数据 地区：上海 时间：最近5年", {"CN-SH"}),
        ("省份：甘肃", {"CN-GS"}),
        ("地区：兰州新区", set()),
    ],
)
def test_lines_that_state_a_region(text: str, named: set[str]) -> None:
    (line,) = region_lines(Grid("f.csv", None, ((Cell(1, 1, text),),), (1,), {}))
    assert line.named == named


def test_the_value_of_a_region_line_may_stand_beside_it() -> None:
    rows = [["地区：", "青海省"], ["指标", "2018"], ["地区生产总值(亿元)", "8104.1"]]
    with pytest.raises(DocumentError, match="cell A1: '地区：青海省' names 青海省"):
        read_rows(rows, ACROSS)


def test_a_text_that_only_mentions_a_region_is_left_out_by_name() -> None:
    rows = [["与青海省比较"], ["指标", "2018"], ["地区生产总值(亿元)", "8104.1"]]
    with pytest.raises(DocumentError, match=r'tables."1".ignore'):
        read_rows(rows, ACROSS)
    assert len(read_rows(rows, {**ACROSS, "ignore": ["与青海省比较"]})) == 1


@dataclass(frozen=True)
class Made:
    """A sound table with its truth, and where its header, labels and numbers stand."""

    rows: Rows
    table: Mapping[str, Any]
    truth: set[tuple[Any, ...]]
    header: int
    years_across: bool


INDICATORS = {
    "地区生产总值(亿元)": "gross_product",
    "年末常住人口(万人)": "population_year_end",
    "第一产业增加值(亿元)": "primary_industry_value_added",
    "社会消费品零售总额(亿元)": "total_retail_sales",
}
NUMBERS = st.decimals(0, 99999, places=1).map(str)


@st.composite
def made(draw: st.DrawFn) -> Made:
    """A sound table of Gansu in any layout over years, with lines above and a note below."""
    kind = draw(st.sampled_from([EXPORT, ACROSS, {"axes": "years_down"}]))
    labels = draw(st.lists(st.sampled_from(list(INDICATORS)), min_size=1, unique=True))
    newest = draw(st.integers(2000, 2023))
    years = range(newest, newest - draw(st.integers(2, 6)), -1)
    numbers = {(label, year): draw(NUMBERS) for label in labels for year in years}
    across = kind["axes"] != "years_down"
    title = draw(st.sampled_from(["甘肃省主要指标", "Main indicators of Gansu", "主要指标"]))
    above = [[draw(st.sampled_from(["地区：甘肃省", "Region: Gansu"]))], [title]]
    if across:
        body = [["指标", *(f"{year}年" for year in years)]]
        body += [[label, *(numbers[label, year] for year in years)] for label in labels]
    else:
        body = [["年份", *labels]]
        body += [[str(year), *(numbers[label, year] for label in labels)] for year in years]
    truth = {("CN-GS", INDICATORS[label], year, text) for (label, year), text in numbers.items()}
    return Made([*above, *body, ["资料来源：国家统计局"]], kind, truth, len(above), across)


@given(made())
def test_a_sound_table_is_read_whole(sound: Made) -> None:
    assert read_rows(sound.rows, sound.table) == sound.truth


@given(made(), st.data())
def test_another_region_anywhere_stops(sound: Made, data: st.DataObject) -> None:
    region = regions()[data.draw(st.sampled_from(PROVINCES))]
    name = data.draw(st.sampled_from([region.name_zh, region.name_en, *region.namings[-1].also]))
    rows = [list(row) for row in sound.rows]
    place = data.draw(st.sampled_from(["line", "title", "sheet", "cell", "heading", "note"]))
    sheet = name if place == "sheet" else "Sheet1"
    if place == "line":
        rows[0] = [data.draw(st.sampled_from(["地区：", "Region: "])) + name]
    elif place == "title":
        rows[1] = [f"{name} 主要指标"]
    elif place == "cell":
        rows[1] = ["主要指标", "", name]
    elif place == "heading":
        rows[sound.header][0] += f" {name}"
    elif place == "note":
        rows.append([f"地区：{name}"])
    with pytest.raises(DocumentError):
        read_rows(rows, sound.table, sheet)


@given(made(), st.data())
def test_one_disturbed_heading_or_cell_never_passes(sound: Made, data: st.DataObject) -> None:
    rows = [list(row) for row in sound.rows]
    first, last = sound.header + 1, len(rows) - 2
    width = len(rows[sound.header])
    row = data.draw(st.integers(first, last))
    column = data.draw(st.integers(1, width - 1))
    head = (sound.header, column) if sound.years_across else (row, 0)
    label = (row, 0) if sound.years_across else (sound.header, column)
    number = data.draw(NUMBERS)
    kind = data.draw(st.sampled_from(["year", "label", "right", "left", "below", "above"]))
    if kind == "year":
        year = rows[head[0]][head[1]]
        changed = ["", f"{year}上半年", f"{year}-12-31", f"{year}\n(现价)", "合计", f"1-9月{year}"]
        rows[head[0]][head[1]] = data.draw(st.sampled_from(changed))
    elif kind == "label":
        rows[label[0]][label[1]] = data.draw(st.sampled_from(["", "增长率", "指标", number]))
    elif kind == "right":
        rows[row].append(number)
    elif kind == "left":
        for each in rows[first - 1 : last + 1]:
            each.insert(0, "")
        rows[row][0] = number
    elif kind == "below":
        rows.append(["", number])
    else:
        rows[1] = ["主要指标", number]
    with pytest.raises(DocumentError):
        read_rows(rows, sound.table)
