"""Relatives of the inputs that went wrong: other marks, dates, columns, currencies, regions.

Each is read as it is meant, or stops with its place and the line that mends it.
"""

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

from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError

Read = Callable[..., Document]
FREE = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
EXPORT: dict[str, Any] = {"indicator": {"down": "指标"}, "year": {"across": 1}}
LINES: dict[str, Any] = {
    "indicator": {"once": "gross_product"},
    "region": {"down": "geo"},
    "year": {"down": "TIME_PERIOD"},
    "figures": "OBS_VALUE",
}


@pytest.fixture
def read(catalogue: ModuleType, landing: Path) -> Read:
    """Read a table of text, or of the bytes of a workbook."""

    def of(
        data: str | bytes, axes: dict[str, Any], region: str = "CN-GS", **table: Any
    ) -> Document:
        file, raw = ("t.csv", data.encode()) if isinstance(data, str) else ("t.xlsx", data)
        card = catalogue.sound_card(file, raw, {"1": {"axes": axes, **table}}, 2025)
        catalogue.write_folder(landing, {**card, "region": region}, raw, 2025)
        return read_document(landing / catalogue.SOURCE / "2025/card.yaml", landing)

    return of


def refused(read: Read, *args: Any, **table: Any) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read(*args, **table)
    return caught.value


def line(error: DocumentError, key: str) -> dict[str, Any]:
    """The line of the card that the advice gives for a key."""
    lines = [text.strip() for text in error.advice.splitlines()]
    stated: dict[str, Any] = yaml.safe_load(next(t for t in lines if t.startswith(f"{key}:")))
    return stated


def export(heading: str) -> str:
    return f"指标,{heading},2018年\n地区生产总值(亿元),8718.3,8104.1\n"


@pytest.mark.parametrize(
    ("heading", "status"),
    [
        ("2019年预计", "forecast"),
        ("2019年（快报数）", "provisional"),
        ("２０１９年[预测]", "forecast"),
        ("2019 r", "revised"),
        ("2019.0", "final"),
        ("2019年度", "final"),
        ("二〇一九年", "final"),
        ("二〇一九年(初步)", "provisional"),
        ("2019 [YR2019]", "final"),
    ],
)
def test_a_year_in_another_form(read: Read, heading: str, status: str) -> None:
    document = read(export(heading), EXPORT)
    assert {row.reference_year: row.status for row in document.observations} == {
        2019: status,
        2018: "final",
    }


@pytest.mark.parametrize(
    "heading",
    ["2019Q4", "H1 2019", "2019年1-9月", "2019/20", "FY2019", "2019年增长", "2019年末", "19年"],
)
def test_what_is_no_year_may_be_left_out_or_named(read: Read, heading: str) -> None:
    error = refused(read, export(heading), EXPORT)
    assert error.cell == "B1"
    left = read(export(heading), EXPORT, **line(error, "ignore"))
    assert [row.reference_year for row in left.observations] == [2018]
    stated = line(error, "axes")["axes"]
    assert stated == {"years": {heading: "its year"}}
    named = read(export(heading), {**EXPORT, "years": {heading: 2019}})
    assert [row.reference_year for row in named.observations] == [2019, 2018]


@pytest.mark.parametrize(
    "day", ["2019-12-31", "2019/12/31", "31.12.2019", "2019年12月31日", "20191231", "12/31/2019"]
)
def test_a_date_stands_for_its_year_where_the_card_says_so(read: Read, day: str) -> None:
    error = refused(read, export(day), EXPORT)
    assert line(error, "axes")["axes"] == {"dates": "12-31"}
    document = read(export(day), {**EXPORT, "dates": "12-31"})
    assert [row.reference_year for row in document.observations] == [2019, 2018]
    assert refused(read, export(day), {**EXPORT, "dates": "01-01"}).cell == "B1"


def test_a_date_of_a_workbook_stands_for_its_year(read: Read) -> None:
    from datetime import date

    data = book([["指标", date(2019, 1, 1)], ["地区生产总值(亿元)", 8718.3]])
    assert "is a date" in refused(read, data, EXPORT).found
    document = read(data, {**EXPORT, "dates": "01-01"})
    assert [row.reference_year for row in document.observations] == [2019]


def book(rows: list[list[Any]], sheet: str = "9-1") -> bytes:
    made = Workbook()
    assert made.active is not None
    made.active.title = sheet
    for row in rows:
        made.active.append(row)
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def test_a_year_beyond_the_edition_is_a_forecast_or_not_wanted(read: Read) -> None:
    text = "geo,TIME_PERIOD,OBS_VALUE\nCN,2024,1348066\nCN,2030,1900000\n"
    error = refused(read, text, LINES, region="CN", unit="亿元")
    assert error.cell == "B3"
    kept = read(text, LINES, region="CN", unit="亿元", **line(error, "only_years"))
    assert [row.reference_year for row in kept.observations] == [2024]
    marked = read(text.replace("2030", "2030f"), LINES, region="CN", unit="亿元")
    assert [row.status for row in marked.observations] == ["final", "forecast"]


@pytest.mark.parametrize(
    "text",
    [
        "青海省主要指标",
        "青海主要指标",
        "Main indicators of Qinghai",
        "所在地区：青海",
        "地区,青海省",
    ],
)
def test_no_text_above_may_name_another_province(read: Read, text: str) -> None:
    lines = text.split(",")
    for region in (None, {"once": "CN-GS"}):
        axes = {**EXPORT, "lines": lines, **({"region": region} if region else {})}
        error = refused(read, f"{text}\n{export('2019年')}", axes)
        assert "青海省 (CN-QH)" in error.found
    own = {**EXPORT, "lines": lines}
    assert len(read(f"{text}\n{export('2019年')}", own, region="CN-QH").observations) == 2


@pytest.mark.parametrize("sheet", ["青海", "青海省", "Qinghai", "1 青海"])
def test_no_sheet_may_be_named_after_another_province(read: Read, sheet: str) -> None:
    data = book([["指标", 2019], ["地区生产总值(亿元)", 2941.1]], sheet)
    assert "青海省 (CN-QH)" in refused(read, data, EXPORT).found
    assert len(read(data, EXPORT, region="CN-QH").observations) == 1


@pytest.mark.parametrize("heading", ["状态", "备注", "OBS_STATUS_1", "Obs status", "Marker"])
def test_a_column_of_flags_under_another_heading(read: Read, heading: str) -> None:
    text = f"geo,TIME_PERIOD,OBS_VALUE,{heading}\nCN,2018,919281.1,\nCN,2019,986515.2,e\n"
    left_out = {**LINES, "left_out": {"columns": [heading]}}
    error = refused(read, text, left_out, region="CN", unit="亿元")
    assert error.cell == "D1"
    document = read(text, left_out, region="CN", unit="亿元", **line(error, "status_column"))
    assert [row.status for row in document.observations] == ["final", "estimated"]


def test_words_of_a_status_among_remarks(read: Read) -> None:
    text = "geo,TIME_PERIOD,OBS_VALUE,备注\nCN,2018,919281.1,见附录\nCN,2019,986515.2,初步数\n"
    left_out = {**LINES, "left_out": {"columns": ["备注"]}}
    assert refused(read, text, left_out, region="CN", unit="亿元").cell == "D1"
    plain = text.replace("初步数", "见附录")
    assert len(read(plain, left_out, region="CN", unit="亿元").observations) == 2


@pytest.mark.parametrize(
    ("heading", "value", "key"),
    [
        ("UNIT_MULT", "6", "multiplier"),
        ("PowerCode", "Millions", "multiplier"),
        ("SCALE", "Billions", "multiplier"),
        ("UNIT_MEASURE", "USD", "unit"),
        ("UNIT_MEASURE", "XDC", "only"),
        ("单位", "万元", "unit"),
        ("FREQ", "Q", "only"),
        ("月份", "6", "only"),
        ("Estimates Start After", "2017", "estimates_after"),
    ],
)
def test_a_column_that_changes_the_figures_is_not_left_out(
    read: Read, heading: str, value: str, key: str
) -> None:
    text = f"geo,TIME_PERIOD,OBS_VALUE,{heading}\nCN,2018,919281.1,{value}\n"
    left_out = {**LINES, "left_out": {"columns": [heading]}}
    error = refused(read, text, left_out, region="CN", unit="亿元")
    assert error.cell == "D1"
    assert key in line(error, "axes")["axes"]


@pytest.mark.parametrize(
    ("multiplier", "value"), [("6", "91928110"), ("Millions", "91928110"), ("", "91928110000000")]
)
def test_a_multiplier_goes_with_the_unit(read: Read, multiplier: str, value: str) -> None:
    text = f"geo,TIME_PERIOD,OBS_VALUE,UNIT_MULT\nCN,2018,{value},{multiplier}\n"
    document = read(text, {**LINES, "multiplier": "UNIT_MULT"}, region="CN", unit="元")
    assert [row.value for row in document.observations] == [919281.1]


def test_figures_after_the_last_actual_year_are_estimates(read: Read) -> None:
    header = "Country,Subject,Estimates Start After,2018,2019"
    text = f"{header}\nCHN,gross_product,2018,919281.1,986515.2\n"
    axes = {
        "indicator": {"down": "Subject"},
        "region": {"down": "Country"},
        "year": {"across": 1},
        "estimates_after": "Estimates Start After",
    }
    document = read(text, axes, region="CN", unit="亿元")
    assert [row.status for row in document.observations] == ["final", "estimated"]


def test_only_some_regions_are_taken_and_each_must_be_there(read: Read) -> None:
    text = "geo,TIME_PERIOD,OBS_VALUE\nCN,2018,919281.1\nWLD,2018,5\nJPN,2018,5567656\n"
    assert refused(read, text, LINES, region="CN", unit="亿元").cell == "A3"
    only = {**LINES, "only_regions": ["CN"]}
    assert len(read(text, only, region="CN", unit="亿元").observations) == 1
    missing = {**LINES, "only_regions": ["CN", "USA"]}
    assert "USA" in refused(read, text, missing, region="CN", unit="亿元").found


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("GDP (current US$)", "CHN"),
        ("GDP, PPP (current international $)", "CHN"),
        ("GDP, 美元", "CHN"),
        ("GDP, million euro", "CHN"),
        ("CP_MEUR", "CHN"),
        ("GDP (current LCU)", "JPN"),
    ],
)
def test_no_currency_is_taken_for_another(read: Read, name: str, region: str) -> None:
    text = f'code,name,key,2018\n{region},"{name}",NY,91928110000000\n'
    axes = {
        "indicator": {"down": "key"},
        "region": {"down": "code"},
        "year": {"across": 1},
        "left_out": {"columns": ["name"]},
    }
    table: dict[str, Any] = {"unit": "元", "labels": {"NY": "gross_product"}}
    error = refused(read, text, axes, region="CN", **table)
    assert error.cell == "B2"
    own = text.replace(name, "GDP (current LCU)").replace("JPN", "CHN")
    assert read(own, axes, region="CN", **table).observations[0].value == 919281.1


@pytest.mark.parametrize(
    "text",
    [
        "主要指标(百万美元)\n指标,2019\n地区生产总值,8718.3\n",
        "指标,2019\n地区生产总值 GDP ($100m),8718.3\n",
        "指标,2019\n地区生产总值(亿美元),8718.3\n",
    ],
)
def test_no_title_or_label_may_name_another_currency(read: Read, text: str) -> None:
    axes = {**EXPORT, "lines": text.splitlines()[:1] if "主要" in text else []}
    refused(read, text, axes, unit="亿元")
    yuan = text.replace("百万美元", "亿元").replace(" GDP ($100m)", "").replace("亿美元", "亿元")
    lines = yuan.splitlines()[:1] if "主要" in yuan else []
    assert len(read(yuan, {**EXPORT, "lines": lines}, unit="亿元").observations) == 1


def test_a_column_in_another_currency_beside_the_figures(read: Read) -> None:
    text = "年份,地区生产总值(亿元),地区生产总值(亿美元)\n2018,8104.1,1224\n"
    axes = {"indicator": {"across": 1}, "year": {"down": "年份"}}
    assert refused(read, text, axes).cell == "C1"
    left_out = {**axes, "left_out": {"columns": ["/美元/"]}}
    assert [row.value for row in read(text, left_out).observations] == [8104.1]


def test_money_was_less_before_2005(read: Read) -> None:
    text = "指标,1978年,1952年\n国内生产总值(亿元),3678.7,679.1\n"
    assert len(read(text, EXPORT, region="CN").observations) == 2
    assert refused(read, text.replace("1978", "2010"), EXPORT, region="CN").cell == "B2"


def test_a_note_with_commas_ends_a_table(read: Read) -> None:
    text = export("2019年") + "注：1.按当年价格计算,2003年以后为新口径,见说明\n2.初步数,见说明\n"
    assert len(read(text, EXPORT).observations) == 2


def test_a_region_without_a_heading_of_its_own_is_left_out_by_place(read: Read) -> None:
    text = "指标,2019年,\n地区生产总值(亿元),8718.3,17\n"
    error = refused(read, text, EXPORT)
    stated = line(error, "axes")["axes"]
    assert stated == {"left_out": {"columns": ["column C"]}}
    assert len(read(text, {**EXPORT, **stated}).observations) == 1


UNITS = {"亿元": 1.0, "万元": 1e-4, "元": 1e-8, " 百万元": 1e-2, " 亿元": 1.0}


@FREE
@given(
    above=st.sampled_from(["", "亿元", "万元"]),
    units=st.tuples(*[st.sampled_from(["", *UNITS])] * 3),
)
def test_a_unit_typed_behind_a_number(read: Read, above: str, units: tuple[str, ...]) -> None:
    label = f"地区生产总值({above})" if above else "地区生产总值"
    values = (8718.3, 8104.1, 7336.7)  # 亿元
    meant = [unit or above for unit in units]
    shown = [
        round(value / UNITS[unit or "亿元"], 4) for value, unit in zip(values, meant, strict=True)
    ]
    cells = [f"{number:.15g}{unit}" for number, unit in zip(shown, units, strict=True)]
    text = f"指标,2019年,2018年,2017年\n{label},{','.join(cells)}\n"
    if "" in meant or (above and any(UNITS[unit] != UNITS[above] for unit in meant)):
        refused(read, text, EXPORT)
        return
    found = [row.value for row in read(text, EXPORT).observations]
    assert found == pytest.approx(values)


@pytest.mark.parametrize("cell", ["8 100 million yuan", "81100 million yuan", "81 100million yuan"])
def test_a_unit_that_begins_with_digits_is_not_parted_from_a_number(read: Read, cell: str) -> None:
    assert refused(read, f"指标,2019年\n地区生产总值,{cell}\n", EXPORT, unit="百万元").cell == "B2"


OECD = (
    '"LOCATION","Country","TIME","Unit Code","Unit","PowerCode Code","PowerCode","Value",'
    '"Flag Codes","Flags"\n'
    '"CHN","China",2018,"CNY","Yuan Renminbi","6","Millions",91928110,,\n'
    '"CHN","China",2019,"CNY","Yuan Renminbi","6","Millions",98651520,"P","Provisional value"\n'
)


@pytest.mark.parametrize(
    ("old", "new", "cell"),
    [
        ("", "", None),
        ('"Provisional value"', '"Forecast value"', "J3"),
        (',"P",', ",,", "J3"),
        ('"6","Millions",98', '"6","Billions",98', "G3"),
        ('"6","Millions",98', '"6","some",98', "G3"),
    ],
)
def test_codes_and_words_of_one_thing_must_agree(
    read: Read, old: str, new: str, cell: str | None
) -> None:
    axes = {
        "indicator": {"once": "gross_product"},
        "region": {"down": ["LOCATION", "Country"]},
        "year": {"down": "TIME"},
        "figures": "Value",
        "unit": "Unit Code",
        "only": {"Unit": "Yuan Renminbi"},
        "multiplier": "PowerCode Code",
        "left_out": {"columns": ["PowerCode", "Flags"]},
    }
    keys: dict[str, Any] = {"region": "CN", "status_column": "Flag Codes"}
    if cell is not None:
        assert refused(read, OECD.replace(old, new), axes, **keys).cell == cell
        return
    found = {
        row.reference_year: (row.value, row.status) for row in read(OECD, axes, **keys).observations
    }
    assert found == {2018: (919281.1, "final"), 2019: (986515.2, "provisional")}


@pytest.mark.parametrize("mark", ["，", "/", ":", " ", "[", "【", "（"])
@pytest.mark.parametrize(("unit", "number"), [("亿元", "8718.3"), ("万元", "87183000")])
def test_a_unit_behind_a_label(read: Read, mark: str, unit: str, number: str) -> None:
    label = f"地区生产总值{mark}{unit}" + {"[": "]", "【": "】", "（": "）"}.get(mark, "")
    text = f"指标,2019年\n{label},{number}\n"
    [row] = read(text, EXPORT).observations
    assert (row.value, row.indicator) == (8718.3, "gross_product")
    other = {"亿元": "万元", "万元": "亿元"}[unit]
    assert "unit" in refused(read, text, EXPORT, unit=other).found


@pytest.mark.parametrize(
    ("line", "by_line"),
    [
        ("单位：亿元、万人", True),
        ("单位：亿元，万人", True),
        ("（单位：万人；亿元）", True),
        ("甘肃省主要指标 单位：亿元、万人", False),
        ("单位：亿元、万元", False),
        ("单位：亿元、%", False),
    ],
)
def test_units_of_several_dimensions_above_a_table(read: Read, line: str, by_line: bool) -> None:
    text = f'"{line}",,\n指标,2019年,2018年\n地区生产总值,8718.3,8104.1\n年末常住人口,2509,2515\n'
    if not by_line:
        refused(read, text, EXPORT)
        return
    document = read(text, EXPORT)
    assert {(row.indicator, row.unit) for row in document.observations} == {
        ("gross_product", "100m_cny"),
        ("population_year_end", "10k_persons"),
    }


BY_REGION: dict[str, Any] = {
    "indicator": {"once": "gross_product"},
    "region": {"down": "地区"},
    "year": {"across": 1},
}


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("甘肃 Gansu", "CN-GS"),
        ("甘  肃 Gansu", "CN-GS"),
        ("甘肃省/Gansu Province", "CN-GS"),
        ("甘肃（Gansu）", "CN-GS"),
        ("陕西 Shaanxi", "CN-SN"),
        ("陕西 Shanxi", None),
        ("甘肃 Qinghai", None),
        ("甘肃 rural", None),
    ],
)
def test_a_region_in_two_languages_means_what_both_do(
    read: Read, cell: str, code: str | None
) -> None:
    text = f"地区,2019年\n{cell},8718.3\n北京 Beijing,35371\n"
    if code is None:
        assert refused(read, text, BY_REGION, region="CN", unit="亿元").cell == "A2"
        return
    document = read(text, BY_REGION, region="CN", unit="亿元")
    assert {row.region for row in document.observations} == {code, "CN-BJ"}


KEYS = {
    "CN-GS": ("甘肃", {"地区生产总值": (8718.3, 8104.1), "第一产业增加值": (1050.5, 921.3)}),
    "CN-QH": ("青海", {"地区生产总值": (2941.1, 2748), "第一产业增加值": (301.9, 268.1)}),
    "CN-BJ": ("北京", {"地区生产总值": (35371, 33106), "第一产业增加值": (113.7, 118.7)}),
}


@FREE
@given(
    order=st.permutations(list(KEYS)),
    blank=st.lists(st.booleans(), min_size=3, max_size=3),
    out=st.sampled_from([None, "甘肃", "青海", "北京"]),
)
def test_a_blank_key_stands_for_the_one_above_it(
    read: Read, order: list[str], blank: list[bool], out: str | None
) -> None:
    lines, truth = ["地区,指标,2019年,2018年"], {}
    for code, is_blank in zip(order, blank, strict=True):
        name, figures = KEYS[code]
        for i, (label, (new, old)) in enumerate(figures.items()):
            lines.append(f"{'' if is_blank and i else name},{label},{new},{old}")
            if name != out:
                truth |= {(code, label, 2019): new, (code, label, 2018): old}
    axes: dict[str, Any] = {
        "indicator": {"down": "指标"},
        "region": {"down": "地区"},
        "year": {"across": 1},
        **({"left_out": {"rows": [out]}} if out else {}),
    }
    keys: dict[str, Any] = {"region": "CN", "unit": "亿元"}
    text = "\n".join(lines) + "\n"
    if any(blank):
        refused(read, text, axes, **keys)
    filled = {**axes, "region": {"down": "地区", "blank": "above"}}
    rows = read(text, filled, **keys).observations
    assert {(r.region, r.printed_label, r.reference_year): r.value for r in rows} == truth


@pytest.mark.parametrize(
    "text", ["不变价", "2015年不变价", "第四季度", "户籍", "建档立卡", "老口径", "指数"]
)
def test_a_column_that_says_what_is_measured_is_not_left_out(read: Read, text: str) -> None:
    lines = f"geo,TIME_PERIOD,OBS_VALUE,类型\nCN,2018,919281.1,\nCN,2019,986515.2,{text}\n"
    left_out = {**LINES, "left_out": {"columns": ["类型"]}}
    error = refused(read, lines, left_out, region="CN", unit="亿元")
    assert error.cell == "D1"
    assert line(error, "axes")["axes"] == {"only": {"类型": text}}
    plain = lines.replace(text, "当年价")
    assert len(read(plain, left_out, region="CN", unit="亿元").observations) == 2


@pytest.mark.parametrize("corner", ["亿元", "指标(亿元)", "指标/亿元"])
def test_a_unit_in_the_corner_is_that_of_the_table(read: Read, corner: str) -> None:
    text = f"{corner},2019年\n地区生产总值,8718.3\n"
    axes = {**EXPORT, "indicator": {"down": corner}}
    assert [row.value for row in read(text, axes).observations] == [8718.3]
    assert (
        "prints the unit '亿元', the card says '万元'"
        in refused(read, text, axes, unit="万元").found
    )
