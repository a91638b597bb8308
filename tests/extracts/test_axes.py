"""Layout `axes`: tables of indicator × region × year in the shapes that they are published in.

Gansu's figures are those of the National Bureau of Statistics; others are made for the test.
"""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from openpyxl import Workbook

from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError

Read = Callable[..., Document]
Known = dict[tuple[str, str, int], float]


@pytest.fixture
def read(catalogue: ModuleType, landing: Path) -> Read:
    """Read a table: text of a CSV file, or rows of a workbook's sheet."""

    def of(data: str | list[list[Any]], axes: dict[str, Any], **changes: Any) -> Document:
        keys = {key: changes.pop(key) for key in _OF_TABLE if key in changes}
        table = {"axes": axes, **keys}
        file, raw = ("t.csv", data.encode()) if isinstance(data, str) else ("t.xlsx", _book(data))
        card = {**catalogue.sound_card(file, raw, {"1": table}, 2025), **changes}
        catalogue.write_folder(landing, card, raw, 2025)
        return read_document(landing / catalogue.SOURCE / "2025/card.yaml", landing)

    return of


_OF_TABLE = ("unit", "units", "labels", "ignore", "status_column", "only_years", "marks", "sheet")


def _book(rows: list[list[Any]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active.title = "9-1"
    for row in rows:
        book.active.append(row)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def known(document: Document) -> Known:
    return {(r.indicator, r.region, r.reference_year): r.value for r in document.observations}


def refused(read: Read, *args: Any, **changes: Any) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read(*args, **changes)
    return caught.value


REGION_BY_YEAR: list[list[Any]] = [
    ["2-5 分地区年末人口数"],
    ["单位：万人"],
    ["地  区", "Region", 2021, 2022, 2023],
    ["全  国", "National Total", 141260, 141175, 140967],
    ["北  京", "Beijing", 2189, 2184, 2186],
    ["甘  肃", "Gansu", 2490, 2492, 2465],
    ["注：2020年数据为普查推算数。"],
]
REGION_BY_YEAR_AXES = {
    "indicator": {"once": "population_year_end"},
    "region": {"down": ["地区", "Region"]},
    "year": {"across": 1},
    "lines": ["2-5 分地区年末人口数"],
}


def test_regions_down_and_years_across(read: Read) -> None:
    found = known(read(REGION_BY_YEAR, REGION_BY_YEAR_AXES))
    assert len(found) == 9
    assert found["population_year_end", "CN-GS", 2023] == 2465
    assert found["population_year_end", "CN", 2021] == 141260


@pytest.mark.parametrize(
    ("row", "column", "text", "cell"),
    [
        (0, 0, "2-5 分地区年末户籍人口数", "A1"),
        (1, 0, "单位：亿元", "C4"),
        (2, 4, "2023年上半年", "E3"),
        (2, 4, 2022, "E3"),
        (3, 0, "全市", "A4"),
        (4, 1, "Tianjin", "B5"),
        (5, 4, "2465万", "E6"),
        (6, 3, 12, "A7"),
        (5, 5, 2470, "F6"),
    ],
)
def test_a_changed_cell_stops_the_document(
    read: Read, row: int, column: int, text: Any, cell: str
) -> None:
    rows = [list(line) + [None] * (6 - len(line)) for line in REGION_BY_YEAR]
    rows[row][column] = text
    assert refused(read, rows, REGION_BY_YEAR_AXES).cell == cell


def test_indicators_across_and_the_year_in_the_title(read: Read) -> None:
    rows: list[list[Any]] = [
        ["3-9 地区生产总值 (2023年)"],
        ["单位：亿元"],
        ["地  区", "地区生产总值", "第一产业", "第二产业", "第三产业"],
        ["北  京", 43760.7, 105.5, 6525.6, 37129.6],
        ["甘  肃", 11863.8, 1641.3, 4080.8, 6141.8],
    ]
    axes = {
        "indicator": {"across": 1},
        "region": {"down": "地区"},
        "year": {"once": "line"},
        "lines": ["3-9 地区生产总值 ({year}年)"],
    }
    found = known(read(rows, axes, ignore=["第二产业", "第三产业"]))
    assert found == {
        ("gross_product", "CN-BJ", 2023): 43760.7,
        ("gross_product", "CN-GS", 2023): 11863.8,
        ("primary_industry_value_added", "CN-BJ", 2023): 105.5,
        ("primary_industry_value_added", "CN-GS", 2023): 1641.3,
    }
    rows[0] = ["3-9 地区生产总值"]
    assert refused(read, rows, axes, ignore=["第二产业", "第三产业"]).cell == "A1"


def test_a_column_of_growth_is_left_out_by_name_only(read: Read) -> None:
    rows: list[list[Any]] = [
        ["1-2 国民经济和社会发展主要指标"],
        ["指  标", "单位", 2018, 2019, "2019年比上年增长(%)"],
        ["地区生产总值", "亿元", 8104.1, 8718.3, 6.2],
        ["年末常住人口", "万人", 2515, 2509, -0.2],
    ]
    axes: dict[str, Any] = {
        "indicator": {"down": "指标"},
        "year": {"across": 1},
        "unit": "单位",
        "lines": ["1-2 国民经济和社会发展主要指标"],
    }
    assert refused(read, rows, axes).cell == "E2"
    found = known(read(rows, {**axes, "left_out": {"columns": ["/比上年增长/"]}}))
    assert found == {
        ("gross_product", "CN-GS", 2018): 8104.1,
        ("gross_product", "CN-GS", 2019): 8718.3,
        ("population_year_end", "CN-GS", 2018): 2515,
        ("population_year_end", "CN-GS", 2019): 2509,
    }


def test_a_row_of_a_period_is_left_out_by_name_only(read: Read) -> None:
    text = (
        "单位：亿元\n年份,地区生产总值\n2011,4816.9\n2015,6556.6\n“十二五”时期,28000\n2016,6907.9\n"
    )
    axes: dict[str, Any] = {"indicator": {"across": 1}, "year": {"down": "年份"}}
    assert refused(read, text, axes).cell == "A5"
    found = known(read(text, {**axes, "left_out": {"rows": ["/时期/"]}}))
    assert {year: value for (_, _, year), value in found.items()} == {
        2011: 4816.9,
        2015: 6556.6,
        2016: 6907.9,
    }


CONTINUED: list[list[Any]] = [
    ["9-1 主要指标"],
    ["单位：亿元"],
    ["年份", "地区生产总值", "第一产业"],
    [2017, 7336.7, 859.8],
    [2018, 8104.1, 921.3],
    ["续表"],
    ["年份", "第二产业", "第三产业"],
    [2017, 2500, 3976.9],
    [2018, 2700, 4482.8],
]
CONTINUED_AXES: dict[str, Any] = {
    "indicator": {"across": 1},
    "year": {"down": "年份"},
    "lines": ["9-1 主要指标", "续表"],
    "blocks": 2,
}


def test_a_continued_table_is_two_blocks(read: Read) -> None:
    found = known(
        read(
            CONTINUED,
            CONTINUED_AXES,
            labels={"第二产业": "total_retail_sales"},
            ignore=["第三产业"],
        )
    )
    assert found["total_retail_sales", "CN-GS", 2018] == 2700
    assert found["gross_product", "CN-GS", 2017] == 7336.7
    assert len(found) == 6
    error = refused(
        read, CONTINUED, {**CONTINUED_AXES, "blocks": 1}, ignore=["第二产业", "第三产业"]
    )
    assert error.cell == "A7"


def test_tables_side_by_side_one_for_each_region(read: Read) -> None:
    rows: list[list[Any]] = [
        ["甘肃省", None, None, "北京市"],
        ["年份", "地区生产总值(亿元)", None, "年份", "地区生产总值(亿元)"],
        [2018, 8104.1, None, 2018, 33106],
        [2019, 8718.3, None, 2019, 35445.1],
    ]
    axes = {
        "indicator": {"across": 1},
        "region": {"once": "line"},
        "year": {"down": "年份"},
        "lines": ["{region}"],
        "blocks": 2,
    }
    assert known(read(rows, axes)) == {
        ("gross_product", "CN-GS", 2018): 8104.1,
        ("gross_product", "CN-GS", 2019): 8718.3,
        ("gross_product", "CN-BJ", 2018): 33106,
        ("gross_product", "CN-BJ", 2019): 35445.1,
    }


def test_blocks_below_each_other_one_for_each_region_and_unit(read: Read) -> None:
    rows: list[list[Any]] = [
        ["甘肃省"],
        ["单位：亿元"],
        ["年份", "地区生产总值"],
        [2018, 8104.1],
        ["北京市"],
        ["单位：万元"],
        ["年份", "地区生产总值"],
        [2018, 331060000],
    ]
    axes = {
        "indicator": {"across": 1},
        "region": {"once": "line"},
        "year": {"down": "年份"},
        "lines": ["{region}"],
        "blocks": 2,
    }
    assert known(read(rows, axes)) == {
        ("gross_product", "CN-GS", 2018): 8104.1,
        ("gross_product", "CN-BJ", 2018): 33106,
    }


def test_the_world_bank_writes_years_in_its_own_way(read: Read) -> None:
    text = (
        "Country Name,Country Code,Series Name,Series Code,2018 [YR2018],2019 [YR2019]\n"
        "China,CHN,GDP (current LCU),NY.GDP.MKTP.CN,91928110000000,98651520000000\n"
    )
    axes = {
        "indicator": {"down": "Series Code"},
        "region": {"down": "Country Name"},
        "year": {"across": 1},
        "left_out": {"columns": ["Country Code", "Series Name"]},
    }
    keys: dict[str, Any] = {
        "unit": "元",
        "labels": {"NY.GDP.MKTP.CN": "gross_product"},
        "region": "CN",
    }
    assert known(read(text, axes, **keys)) == {
        ("gross_product", "CN", 2018): 919281.1,
        ("gross_product", "CN", 2019): 986515.2,
    }
    other = text.replace("2019 [YR2019]", "2019 [YR2018]")
    assert refused(read, other, axes, **keys).cell == "F1"


def test_a_series_of_a_long_table_is_chosen_by_columns(read: Read) -> None:
    text = (
        "freq,unit,na_item,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
        "A,CP_MNAC,B1GQ,CN,2018,91928110,\n"
        "A,CP_MNAC,B1GQ,CN,2019,98651520,p\n"
        "A,CP_MNAC,P3,CN,2018,50613490,\n"
    )
    axes: dict[str, Any] = {
        "indicator": {"once": "gross_product"},
        "region": {"down": "geo"},
        "year": {"down": "TIME_PERIOD"},
        "figures": "OBS_VALUE",
        "only": {"freq": "A", "unit": "CP_MNAC", "na_item": "B1GQ"},
    }
    keys: dict[str, Any] = {"unit": "百万元", "status_column": "OBS_FLAG", "region": "CN"}
    assert refused(read, text, axes, **keys).cell == "C4"
    axes["left_out"] = {"rows": ["P3"]}
    document = read(text, axes, **keys)
    assert known(document) == {
        ("gross_product", "CN", 2018): 919281.1,
        ("gross_product", "CN", 2019): 986515.2,
    }
    assert [row.status for row in document.observations] == ["final", "provisional"]
    assert refused(read, text.replace("CN,2019", "CN,2019年上半年"), axes, **keys).cell == "E3"
    assert (
        refused(
            read, text.replace("A,CP_MNAC,B1GQ,CN,2019", "Q,CP_MNAC,B1GQ,CN,2019"), axes, **keys
        ).cell
        == "A3"
    )
    unnamed = {key: value for key, value in keys.items() if key != "status_column"}
    assert refused(read, text, axes, **unnamed).cell == "G1"


def test_flags_state_the_status(read: Read) -> None:
    text = (
        "geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
        "CN,2018,919281.1,\nCN,2019,986515.2,e\nCN,2020,1013567.0,f\n"
    )
    axes = {
        "indicator": {"once": "gross_product"},
        "region": {"down": "geo"},
        "year": {"down": "TIME_PERIOD"},
        "figures": "OBS_VALUE",
    }
    document = read(text, axes, unit="亿元", status_column="OBS_FLAG", region="CN")
    assert [row.status for row in document.observations] == ["final", "estimated", "forecast"]


def test_a_date_stands_for_a_year_where_the_card_says_so(read: Read) -> None:
    heading = "observation_date,MKTGDPCNA646NWDB\n"
    text = f"{heading}2018-01-01,13894907857925.2\n2019-01-01,14279968506272.3\n"
    axes: dict[str, Any] = {
        "indicator": {"across": 1},
        "year": {"down": "observation_date"},
        "dates": "01-01",
    }
    keys: dict[str, Any] = {"labels": {"MKTGDPCNA646NWDB": "gross_product"}, "region": "CN"}
    assert "currency_usd" in refused(read, text, axes, unit="US dollars", **keys).found
    assert "no unit" in refused(read, text, axes, **keys).found
    yuan = text.replace("13894907857925.2", "91928110000000").replace(
        "14279968506272.3", "98651520000000"
    )
    assert {year for _, _, year in known(read(yuan, axes, unit="元", **keys))} == {2018, 2019}
    assert refused(read, yuan, {**axes, "dates": "12-31"}, unit="元", **keys).cell == "A2"


def test_a_blank_corner(read: Read) -> None:
    text = ",地区生产总值(亿元)\n2018,8104.1\n2019,8718.3\n"
    axes = {"indicator": {"across": 1}, "year": {"down": ""}, "header": {"at": 1}}
    assert list(known(read(text, axes)).values()) == [8104.1, 8718.3]


def test_a_bulletin_has_one_column_of_figures(read: Read) -> None:
    rows: list[list[Any]] = [
        ["表1 2019年主要指标"],
        ["指标", "单位", "绝对数", "比上年增长(%)"],
        ["地区生产总值", "亿元", 8718.3, 6.2],
        ["年末常住人口", "万人", 2509, -0.2],
    ]
    axes = {
        "indicator": {"down": "指标"},
        "year": {"once": "line"},
        "figures": "绝对数",
        "unit": "单位",
        "lines": ["表1 {year}年主要指标"],
        "left_out": {"columns": ["比上年增长(%)"]},
    }
    assert known(read(rows, axes)) == {
        ("gross_product", "CN-GS", 2019): 8718.3,
        ("population_year_end", "CN-GS", 2019): 2509,
    }


def test_a_note_ends_a_long_table(read: Read) -> None:
    text = "省份,年份,地区生产总值（亿元）\n甘肃省,2018,8104.1\n注：现价,,\n"
    axes = {"indicator": {"across": 1}, "region": {"down": "省份"}, "year": {"down": "年份"}}
    assert known(read(text, axes)) == {("gross_product", "CN-GS", 2018): 8104.1}
    assert refused(read, text + "甘肃省,2019,8718.3\n", axes).cell == "A4"


EXPORT = (
    "数据库：分省年度数据\n地区：甘肃省\n时间：最近3年\n指标,2019年(初步),2018年,2017年\n"
    "地区生产总值(亿元),8718.3,8104.1,7336.7\n数据来源：国家统计局\n"
)
EXPORT_AXES = {"indicator": {"down": "指标"}, "year": {"across": 1}}


def test_an_export_of_one_region(read: Read) -> None:
    document = read(EXPORT, EXPORT_AXES)
    assert {row.reference_year: row.status for row in document.observations} == {
        2019: "provisional",
        2018: "final",
        2017: "final",
    }
    assert refused(read, EXPORT.replace("甘肃", "青海"), EXPORT_AXES).cell == "A2"
    assert "地区" in refused(read, EXPORT.replace("地区：甘肃省\n", ""), EXPORT_AXES).found
    assert refused(read, EXPORT.replace("(初步)", "上半年"), EXPORT_AXES).cell == "B4"


def test_an_export_of_one_indicator(read: Read) -> None:
    text = (
        "数据库：分省年度数据,,\n指标：地区生产总值(亿元),,\n时间：最近2年,,\n"
        "地区,2019年,2018年\n北京市,35445.1,33106\n甘肃省,8718.3,8104.1\n数据来源：国家统计局,,\n"
    )
    axes = {"indicator": {"once": "line"}, "region": {"down": "地区"}, "year": {"across": 1}}
    found = known(read(text, axes, region="CN"))
    assert len(found) == 4
    assert found["gross_product", "CN-GS", 2019] == 8718.3
    changed = text.replace("指标：地区生产总值", "指标：第四产业增加值")
    assert refused(read, changed, axes, region="CN").cell == "A2"


def test_an_english_export(read: Read) -> None:
    text = (
        "Database: Annual by Province\nRegion: Gansu\nTime: Last 3 years\nIndicators,2019,2018\n"
        "Gross Regional Product(100 million yuan),8718.3,8104.1\n"
        "Resident Population (year-end)(10000 persons),2509,2515\n"
        "Data Sources: National Bureau of Statistics\n"
    )
    axes = {"indicator": {"down": "Indicators"}, "year": {"across": 1}}
    assert len(known(read(text, axes))) == 4
    assert refused(read, text.replace("Gansu", "Qinghai"), axes).cell == "A2"


def test_a_header_of_two_rows(read: Read) -> None:
    rows: list[list[Any]] = [
        ["单位：亿元"],
        ["地区", "地区生产总值", "地区生产总值", "第一产业", "第一产业"],
        [None, 2018, 2019, 2018, 2019],
        ["甘肃", 8104.1, 8718.3, 921.3, 1050.5],
    ]
    axes = {
        "indicator": {"across": 1},
        "region": {"down": "地区"},
        "year": {"across": 2},
        "header": {"below": 1},
    }
    found = known(read(rows, axes))
    assert found["primary_industry_value_added", "CN-GS", 2019] == 1050.5
    assert len(found) == 4
    rows[2][4] = None
    assert refused(read, rows, axes).cell == "E3"


def test_a_usual_shape_may_be_added_to(read: Read) -> None:
    text = EXPORT.replace("2018年", "2018年末").replace("8104.1", "1")
    assert refused(read, text, {"shape": "site"}).cell == "C4"
    added = {"shape": "site", "left_out": {"columns": ["2018年末"]}}
    assert {year for _, _, year in known(read(text, added))} == {2019, 2017}
    unlike = {"shape": "site", "region": {"once": "CN-QH"}}
    assert refused(read, EXPORT, unlike).cell == "A2"


def test_an_export_of_the_site_says_its_region(read: Read) -> None:
    bare = EXPORT[EXPORT.index("指标") :]
    assert "no line 地区" in refused(read, bare, {"shape": "site"}).found
    assert len(known(read(bare, EXPORT_AXES))) == 3  # there the card alone states it
    nation = bare.replace("8718.3,8104.1,7336.7", "986515.2,919281.1,832035.9")
    assert len(known(read(nation, {"shape": "site"}, region="CN"))) == 3


@pytest.mark.parametrize(
    ("above", "cell"),
    [
        ([["甘肃省主要指标"], ["单位：亿元"]], None),
        ([["青海省主要指标"], ["单位：亿元"]], "A1"),  # another region
        ([["主要指标", "单位：亿元"]], None),
        ([["单位：亿元", None, "主要指标"]], None),  # after a line
        ([["主要指标", "续"], ["单位：亿元"]], "B1"),  # two texts: which is a title?
        ([[None, "就业人员"], ["单位：亿元"]], "B1"),  # it may head the column below
        ([[2018], ["单位：亿元"]], "A1"),  # a number may be a figure
    ],
)
def test_a_title_may_be_any_above_a_table_that_states_itself(
    read: Read, above: list[list[Any]], cell: str | None
) -> None:
    rows = [*above, ["年份", "地区生产总值"], [2018, 8104.1]]
    if cell is None:
        assert list(known(read(rows, {"shape": "years_down"})).values()) == [8104.1]
    else:
        assert refused(read, rows, {"shape": "years_down"}).cell == cell


def test_a_figure_in_the_header_stops_the_document(read: Read) -> None:
    rows: list[list[Any]] = [["年份", "地区生产总值(亿元)"], [None, 7336.7], [2018, 8104.1]]
    error = refused(read, rows, {"shape": "years_down"})
    assert (error.cell, "stands in the header" in error.found) == ("B2", True)


def test_two_rows_of_one_region_stop_the_document(read: Read) -> None:
    rows: list[list[Any]] = [["地区", 2018, 2019], ["甘肃", 8104.1, 8718.3], ["甘 肃", 1, 2]]
    axes = {
        "indicator": {"once": "gross_product"},
        "region": {"down": "地区"},
        "year": {"across": 1},
    }
    error = refused(read, rows, axes, unit="亿元")
    assert (error.cell, "in cell A2" in error.found) == ("A3", True)


def test_labels_that_are_left_out_may_stand_twice(read: Read) -> None:
    text = "指标,2019\n地区生产总值(亿元),8718.3\n#城镇,1\n#城镇,2\n"
    axes = {"indicator": {"down": "指标"}, "year": {"across": 1}}
    assert len(known(read(text, axes, ignore=["城镇"]))) == 1


def test_a_region_lost_in_one_of_two_columns_stops_the_document(read: Read) -> None:
    rows = [list(line) for line in REGION_BY_YEAR]
    rows[4][1] = None
    error = refused(read, rows, REGION_BY_YEAR_AXES)
    assert (error.cell, "'北  京' and nothing" in error.found) == ("A5", True)


def test_a_pattern_names_columns_that_need_not_be_there(read: Read) -> None:
    lines = "indicator,region,year,value,unit{}\ngross_product,,2018,8104.1,亿元{}\n"
    bare = read(lines.format("", ""), {"shape": "typed"}).observations
    noted = read(lines.format(",note,quality", ",first,derived"), {"shape": "typed"}).observations
    assert [(row.region, row.note, row.quality) for row in (*bare, *noted)] == [
        ("CN-GS", None, "published"),
        ("CN-GS", "first", "derived"),
    ]
    error = refused(read, lines.format(",remark", ","), {"shape": "typed"})
    assert error.cell == "F1"
    error = refused(read, lines.replace(",unit", ",per").format("", ""), {"shape": "typed"})
    assert (error.cell, "'per'" in error.found) == ("E1", True)
    lost = lines.replace(",unit", "").replace(",亿元", "").format("", "")
    assert "no column is headed 'unit'" in refused(read, lost, {"shape": "typed"}).found


@pytest.mark.parametrize(
    "axes",
    [
        {"indicator": {"across": 1, "down": "指标"}, "year": {"across": 1}},
        {"indicator": {"across": 1}, "year": {"across": 1}},
        {"indicator": {"down": "指标"}, "year": {"once": 2019}},
        {"indicator": {"down": "指标"}, "year": {"across": 2}},
        {"indicator": {"down": "指标"}, "year": {"across": 1}, "lines": ["{year}"]},
        {"indicator": {"down": "指标"}, "year": {"across": 1}, "left_out": {"rows": ["/(/"]}},
        {"indicator": {"once": "no_indicator"}, "year": {"down": "年份"}, "figures": "x"},
        {"shape": "sites"},
        {"shape": "site", "year": {"across": 1, "blank": "card"}},
        {"indicator": {"down": "/指标(/"}, "year": {"across": 1}},
    ],
)
def test_a_card_that_places_no_axes_is_refused(read: Read, axes: dict[str, Any]) -> None:
    assert (refused(read, EXPORT, axes).field or "").startswith('tables."1".axes')


@pytest.mark.parametrize(
    ("header", "axes"),
    [
        ("项目,甘肃省,内蒙古", {"indicator": {"down": "指标"}, "region": {"across": 1}}),
        ("项目,2017年,2018年", {"indicator": {"down": "指标"}, "year": {"across": 1}}),
        ("项目,2017,2016", {"indicator": {"down": "指标"}, "year": {"across": 1}}),
        ("项目,年末常住人口,乡村人口", {"indicator": {"across": 1}, "year": {"down": "指标"}}),
    ],
)
def test_nothing_is_read_below_another_header_that_is_left_out(
    read: Read, header: str, axes: dict[str, Any]
) -> None:
    """By the header above them these rows would be other regions', years' or indicators'."""
    above = {"region": "指标,北京市,广东省", "year": "指标,2018年,2019年"}
    first = next((above[name] for name in above if "across" in axes.get(name, {})), None)
    first = first or "指标,地区生产总值,第一产业增加值"
    rows = ("2018", "2019") if "across" in axes["indicator"] else ("地区生产总值", "第一产业增加值")
    text = f"单位：亿元\n{first}\n{rows[0]},8104.1,8718.3\n\n{header}\n{rows[1]},921.3,1050.5\n"
    axes = {"year": {"once": 2018}, **axes}
    region = "CN" if "region" in axes else "CN-GS"
    error = refused(read, text, axes, ignore=["项目"], region=region)
    assert (error.cell, "heads its columns otherwise" in error.found) == ("A6", True)
    left_out = {**axes, "left_out": {"rows": ["rows 5-6"]}}
    assert len(read(text, left_out, region=region).observations) == 2
