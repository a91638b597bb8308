"""A note in words that no rule knows is asked about; one that never changes a figure is not."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from openpyxl import Workbook

from assets.extracts.cards.content import merge
from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.files.text_file import load_text
from assets.extracts.proposing.open_questions import next_open
from assets.extracts.proposing.sheet_tables import sheet_tables

Try = Callable[..., Document]
TABLE = [
    "指标,2012年,2013年,2017年,2018年",
    "地区生产总值(亿元),5650.2,6268.0,7459.9,8104.1",
    "年末人口(万人),2577.5,2582.2,2515,2509",
]
AXES = {"indicator": {"down": "指标"}, "year": {"across": 1}}


@pytest.fixture
def attempt(catalogue: ModuleType, landing: Path) -> Try:
    """Read the lines of a CSV file of Gansu, or a workbook."""

    def of(data: list[str] | bytes, **keys: Any) -> Document:
        raw = data if isinstance(data, bytes) else ("\n".join(data) + "\n").encode()
        name = "t.xlsx" if isinstance(data, bytes) else "t.csv"
        card = catalogue.sound_card(name, raw, {"1": {"axes": AXES}}, 2025)
        card = merge({**card, "region": "CN-GS"}, {"tables": {"1": keys}})
        catalogue.write_folder(landing, card, raw, 2025)
        return read_document(landing / catalogue.SOURCE / "2025/card.yaml", landing)

    return of


def ignore_line(error: DocumentError) -> dict[str, Any]:
    [line] = [li for li in error.advice.splitlines() if li.strip().startswith("ignore:")]
    stated: dict[str, Any] = yaml.safe_load(line)
    return stated


@pytest.mark.parametrize(
    "note",
    [
        "注：2018年以后数据为新行业分类",
        "注：2017年起执行新国民经济行业分类标准",
        "注：按新行业分类",
        "注：含农垦",
        "注：本表含农垦系统",
        "注：不含服务业",
        "注：2018年数据来源改为税务系统",
        "注：2018年GDP为全省统一核算数",
        "注：2017年起使用新一轮抽样框",
        "注：2018年撤县设区",
        "注：按经营地口径",
        "说明：2018年区域调整",
        "注：甘肃数据由省局评估后确定",
        "注：2018年相应进行调整",
        "注：地区生产总值是指包括农垦的全部产出",
        "数据来源：国家统计局；2018年起用税务数据",
        "Note: figures include state farms",
        "Note: new industrial classification from 2017 on",
        "注：2003年起执行国民经济行业分类标准，总产值包括农林牧渔服务业产值",
        "Note: 2018 data cover the enlarged municipality",
    ],
)
def test_words_that_no_rule_knows(attempt: Try, note: str) -> None:
    with pytest.raises(DocumentError, match="no rule knows") as caught:
        attempt([*TABLE, f'"{note}"'])
    assert [fault.cell for fault in caught.value.every] == ["A4"]
    assert len(attempt([*TABLE, f'"{note}"'], **ignore_line(caught.value)).observations) == 8


@pytest.mark.parametrize(
    "note",
    [
        "注：",
        "数据来源：国家统计局",
        "注：中国统计年鉴2025",
        "注：2025年甘肃统计年鉴",
        "资料来源：《甘肃发展年鉴2020》",
        "注：本表由国家统计局甘肃调查总队提供",
        "注：更新时间：2025年3月1日",
        "注：数据发布于2020年3月",
        "注：部分数据因四舍五入，存在总计与分项合计不等的情况",
        "注：本表绝对数按当年价格计算",
        "注：“空格”表示该项统计指标数据不足本表最小单位数、数据不详或无该项数据；“#”表示其中的主要项",
        "注：…表示数据不详",
        "注：“-”表示无数据",
        "注：详见附录一",
        "注：主要指标解释见第三章",
        "注：工业增加值按新行业分类",
        "注：2010年以前按旧行业分类",
        "注：2020年起含兰州新区",
        "注：深圳市含前海",
        "注：常住人口是指实际经常居住在某地区一定时间的人口",
        "注：第一产业是指农、林、牧、渔业（不含农、林、牧、渔专业及辅助性活动）",
        "注：对1992年-2023年地区生产总值历史数据进行了系统修订",
        "Source: National Bureau of Statistics of China",
        "Note: figures may not add up to totals due to rounding",
        "Note: .. indicates data not available",
        "Note: last updated on 1 March 2020",
        "Note: at current prices",
    ],
)
def test_what_never_changes_a_figure(attempt: Try, note: str) -> None:
    assert len(attempt([*TABLE, f'"{note}"']).observations) == 8


@pytest.mark.parametrize(
    "note",
    ["注：带*为推算数", "注：带*的数据为推算数", "注：标“*”者为插补数", "* imputed from wages"],
)
def test_a_sign_that_says_estimated(attempt: Try, note: str) -> None:
    rows = attempt([line.replace("2515", "2515*") for line in [*TABLE, note]]).observations
    statuses = {(row.indicator, row.reference_year): row.status for row in rows}
    assert statuses.pop(("population_year_end", 2017)) == "estimated"
    assert set(statuses.values()) == {"final"}
    assert len(attempt([*TABLE, note]).observations) == 8  # nothing has the sign


@pytest.mark.parametrize("note", ["注：*为2016年数据", "* 2016年数", "注：带*的数据为2015年数"])
def test_a_sign_that_says_another_year(attempt: Try, note: str) -> None:
    lines = [line.replace("2515", "2515*") for line in [*TABLE, note]]
    with pytest.raises(DocumentError, match="no rule knows"):
        attempt(lines)
    years = [("2016", "2017"), ("2015", "2017")]
    for other, own in years:
        note = note.replace(other, own)
    assert len(attempt([*lines[:-1], note]).observations) == 8


def test_a_sign_that_says_something_else(attempt: Try) -> None:
    lines = [line.replace("2515", "2515*") for line in [*TABLE, "注：*为撤县设区后"]]
    with pytest.raises(DocumentError, match="no rule knows") as caught:
        attempt(lines)
    assert len(attempt(lines, **ignore_line(caught.value)).observations) == 8


def test_one_line_of_the_card_answers_all_notes(attempt: Try) -> None:
    lines = [*TABLE, "注：含农垦", "2. 按新行业分类", "3. 按当年价格计算"]
    with pytest.raises(DocumentError) as caught:
        attempt(lines)
    assert ignore_line(caught.value) == {"ignore": ["注：含农垦", "2. 按新行业分类"]}
    assert len(attempt(lines, **ignore_line(caught.value)).observations) == 8
    with pytest.raises(DocumentError, match="含农场"):  # in another edition it says something else
        attempt([*TABLE, "注：含农场"], **ignore_line(caught.value))


def test_comments_and_sheets_of_notes_are_notes(attempt: Try) -> None:
    made = Workbook()
    assert made.active is not None
    for line in TABLE:
        head, *cells = line.split(",")
        made.active.append([head, *(c if "年" in c else float(c) for c in cells)])
    notes = made.create_sheet("说明")
    notes.append(["说明"])
    notes.append(["本表含农垦系统"])
    buffer = BytesIO()
    made.save(buffer)
    raw = buffer.getvalue()
    with pytest.raises(DocumentError, match="含农垦系统") as caught:
        attempt(raw, sheet="Sheet")
    assert (caught.value.sheet, caught.value.cell) == ("说明", "A2")
    mended = attempt(raw, sheet="Sheet", **ignore_line(caught.value))
    assert len(mended.observations) == 8


def test_add_asks_once_for_all(tmp_path: Path) -> None:
    lines = ["地区：甘肃省", *TABLE, "注：含农垦", "2. 按新行业分类", "数据来源：国家统计局"]
    (tmp_path / "t.csv").write_text("\n".join(lines), encoding="utf-8")
    [found] = sheet_tables(load_text(tmp_path / "t.csv", "t.csv", None, None)).tables
    open_ = next_open(found.readings[0], "", "1", frozenset(), lambda _: False)
    assert open_ is not None
    assert open_.question.key == "notes"
    assert open_.question.evidence == ("'注：含农垦'", "'2. 按新行业分类'")
    assert not open_.question.certain  # --yes never answers it
    settled = open_.settle(open_.question.choices[1])
    assert settled.entry["ignore"] == ["注：含农垦", "2. 按新行业分类"]
    assert len(settled.read.figures) == 8
    assert not settled.read.notes
