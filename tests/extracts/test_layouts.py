"""Sound documents of every layout, with the oddities real ones have.

Gansu's figures are those of the National Bureau of Statistics (regional annual data E0103, read
2023); the paper's are Tables 2-6 of He (2023) as printed.
"""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError


@pytest.fixture
def read_csv(catalogue: ModuleType, landing: Path) -> Any:
    def read(data: str | bytes, table: dict[str, Any] | None = None, **changes: Any) -> Document:
        catalogue.write_csv(landing, data, table, **changes)
        return read_document(landing / "damaged_source/2020/card.yaml", landing)

    return read


@pytest.fixture
def read_book(catalogue: ModuleType, landing: Path) -> Any:
    def read(change: Any = None, **table: Any) -> Document:
        catalogue.write_book(landing, change, table)
        return read_document(landing / "damaged_source/2020/card.yaml", landing)

    return read


def values(document: Document) -> dict[tuple[str, int], float]:
    return {(row.indicator, row.reference_year): row.value for row in document.observations}


def test_nbs_export(read_csv: Any, catalogue: ModuleType) -> None:
    document = read_csv(catalogue.CSV)
    assert values(document)["gross_product", 2019] == 8718.3
    row = next(row for row in document.observations if row.cell == "C6")
    assert (row.indicator, row.reference_year, row.value) == ("population_year_end", 2018, 2515)
    assert (row.unit, row.printed_unit, row.printed_label) == (
        "10k_persons", "万人", "年末常住人口",
    )  # fmt: skip
    assert (row.file, row.region, row.sheet) == ("damaged_source/2020/gdp.csv", "CN-GS", None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_are_found_and_agree(read_csv: Any, catalogue: ModuleType, encoding: str) -> None:
    data = catalogue.CSV.replace("\n", "\r\n").encode(encoding)
    found = read_csv(data)
    assert values(found) == values(read_csv(catalogue.CSV))
    stated = read_csv(data, {"axes": "site", "encoding": encoding})
    assert stated.observations == found.observations


def test_nbs_export_of_the_nation_names_no_region(read_csv: Any) -> None:
    text = (
        "数据库：年度数据,,\n时间：最近2年,,\n指标,2019年,2018年\n国内生产总值（亿元）,986515.2,\n\n"
        "注：1.1980年以后国民总收入与国内生产总值的差额为国外净要素收入。\n数据来源：国家统计局\n"
    )
    document = read_csv(text, region="CN")
    assert values(document) == {("gross_product", 2019): 986515.2}
    (blank,) = document.unavailable
    assert (blank.reference_year, blank.meaning, blank.cell) == (2018, "not_available", "C4")
    with pytest.raises(DocumentError, match="地区"):
        read_csv(text)


def test_the_same_figure_printed_in_other_units(read_csv: Any, catalogue: ModuleType) -> None:
    in_10k = catalogue.CSV.replace(
        "总值(亿元),8718.3,8104.1,7336.7,6907.9", "总值(万元),87183000,81041000,73367000,69079000"
    )
    assert values(read_csv(in_10k)) == values(read_csv(catalogue.CSV))


def test_marks_become_what_the_card_says(read_csv: Any, catalogue: ModuleType) -> None:
    text = catalogue.CSV.replace("17.5,77.6,188.7,256", "-,…,—,256")
    marks = {"-": "zero", "…": "below_half_unit", "—": "not_available"}
    document = read_csv(text, {"axes": "site", "marks": marks})
    assert values(document)["rural_poor_population", 2019] == 0
    assert [
        (row.reference_year, row.meaning, row.printed_value) for row in document.unavailable
    ] == [
        (2018, "below_half_unit", "…"),
        (2017, "not_available", "—"),
    ]


def test_ignored_labels_are_left(read_csv: Any, catalogue: ModuleType) -> None:
    text = catalogue.CSV.replace("数据来源", "第二产业增加值(亿元),1,2,3,4\n数据来源")
    document = read_csv(text, {"axes": "site", "ignore": ["第二产业增加值"]})
    assert values(document) == values(read_csv(catalogue.CSV))


def test_an_unknown_unit_beside_a_known_label_is_named(
    read_csv: Any, catalogue: ModuleType
) -> None:
    text = catalogue.CSV.replace("第一产业占比(%)", "第一产业占比(成)")
    with pytest.raises(DocumentError, match="'第一产业占比' is known, but '成' is no unit of"):
        read_csv(text)


def test_a_ready_label_can_be_mapped_elsewhere(read_csv: Any, catalogue: ModuleType) -> None:
    text = catalogue.CSV.replace("第一产业占比(%)", "第一产业(%)")
    labels = {"第一产业": "primary_industry_share"}
    document = read_csv(text, {"axes": "site", "labels": labels})
    assert values(document)["primary_industry_share", 2018] == 11.17


def test_bilingual_yearbook_table(read_book: Any) -> None:
    document = read_book()
    found = values(document)
    assert found["gross_product", 2019] == 8718.3
    assert found["primary_industry_value_added", 2016] == 983.4  # full-width digits
    assert found["total_retail_sales", 2017] == 3207.5  # thousands comma
    assert found["total_retail_sales", 2018] == 3428.3  # thin space
    starred = next(row for row in document.observations if row.cell == "C8")
    assert (starred.value, starred.note) == (921.3, "printed with the mark *")
    assert {row.printed_unit for row in document.observations} == {"亿元"}
    assert {row.sheet for row in document.observations} == {"9-1"}


def test_superscript_note_is_no_digit(read_book: Any, catalogue: ModuleType) -> None:
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    def change(sheet: Any) -> None:
        sheet["B7"] = CellRichText("7336.7", TextBlock(InlineFont(vertAlign="superscript"), "1"))

    document = read_book(change)
    row = next(row for row in document.observations if row.cell == "B7")
    assert (row.value, row.note) == (7336.7, "printed with the mark (1)")


def test_years_across_in_two_languages_with_a_column_of_units(read_book: Any) -> None:
    def change(sheet: Any) -> None:
        sheet.merged_cells.ranges.clear()
        sheet.delete_rows(1, sheet.max_row)
        for row in (
            ("9-2 国民经济主要指标 Main Indicators",),
            (),
            ("指 标", "单位", "2018年", "2019①", "Item"),
            ("地区生产总值", "亿元", "8,104.1", 8718.3, "Gross Regional Product"),
            ("  #第一产业", "亿元", 921.3, 1050.5, "Primary Industry"),
            ("年末常住人口", "万人", 2515, 2509, "Population at Year-end"),
            ("人均地区生产总值(元)", "元", 32178, 34707, "Per Capita Gross Regional Product"),
            ("①初步核算数。",),
        ):
            sheet.append(row)

    document = read_book(change, axes="years_across")
    assert values(document) == {
        ("gross_product", 2018): 8104.1,
        ("gross_product", 2019): 8718.3,
        ("primary_industry_value_added", 2018): 921.3,
        ("primary_industry_value_added", 2019): 1050.5,
        ("population_year_end", 2018): 2515,
        ("population_year_end", 2019): 2509,
        ("gross_product_per_head", 2018): 32178,
        ("gross_product_per_head", 2019): 34707,
    }


def test_a_group_above_columns_gives_them_their_meaning(read_book: Any) -> None:
    def change(sheet: Any) -> None:
        sheet.merged_cells.ranges.clear()
        sheet.delete_rows(1, sheet.max_row)
        for row in (
            ("年份", "地区生产总值\n(亿元)", "构成 (%)", None, "年份"),
            (None, None, "第一产业", "第二产业", None),
            (2018, 8104.1, 11.4, 32.9, 2018),
            (2019, 8718.3, 12.0, 32.8, 2019),
        ):
            sheet.append(row)
        for block in ("A1:A2", "B1:B2", "C1:D1", "E1:E2"):
            sheet.merge_cells(block)

    with pytest.raises(DocumentError, match="'构成 \\(%\\) / 第一产业' is unknown"):
        read_book(change)
    document = read_book(
        change, labels={"构成/第一产业": "primary_industry_share"}, ignore=["构成/第二产业"]
    )
    assert values(document)["primary_industry_share", 2019] == 12.0
    assert len(document.observations) == 4

    def slip(sheet: Any) -> None:
        change(sheet)
        sheet["E4"] = 2020

    with pytest.raises(DocumentError, match="cell E4: '2019' and '2020' stand side by side"):
        read_book(
            slip, labels={"构成/第一产业": "primary_industry_share"}, ignore=["构成/第二产业"]
        )


def test_hidden_rows_are_read_where_the_card_says_so(read_book: Any) -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[7].hidden = True
        sheet.column_dimensions["C"].hidden = True

    with pytest.raises(DocumentError, match="hidden row or column"):
        read_book(hide)
    assert values(read_book(hide, hidden="read")) == values(read_book())


def test_tidy_lines_keep_their_own_quality_and_note(read_csv: Any) -> None:
    text = (
        "indicator,region,year,value,unit,quality,note\n"
        'gross_regional_product,甘肃,2018,"8,246.07",亿元,,"first, before the census"\n'
        "rural_poverty_incidence,CN-GS,2018,5.6,%,derived,\n"
        "online_shoppers,CN,2018,610,million persons,,\n"
        "rural_poor_population,CN-GS,2019,,万人,,\n"
    )
    document = read_csv(text, {"axes": "typed"})
    first, second, third = document.observations
    assert (first.indicator, first.value, first.note) == (
        "gross_product", 8246.07, "first, before the census",
    )  # fmt: skip
    assert (first.quality, second.quality) == ("published", "derived")
    assert second.indicator == "poverty_incidence"
    assert (third.region, third.value, third.unit) == ("CN", 61000, "10k_persons")
    assert [row.cell for row in document.unavailable] == ["D5"]
    with pytest.raises(DocumentError, match="cell F3: 'guessed' is no quality"):
        read_csv(text.replace("derived", "guessed"), {"axes": "typed"})


def test_coefficients_with_the_model_below(read_csv: Any, catalogue: ModuleType) -> None:
    table = {"layout": "published_table", "kind": "coefficients", "estimator": "ols", "n": 8}
    document = read_csv(catalogue.PAPER, table)
    found = {(row.term, row.statistic): row for row in document.statistics}
    starred = found["IM", "coefficient"]
    assert (starred.value, starred.stars, starred.decimals) == (-1.329, "**", 3)
    assert (starred.printed_value, starred.cell, starred.estimator) == ("-1.329**", "B4", "ols")
    assert found["const", "p"].printed_value == "0.000"
    assert ("const", "vif") not in found
    assert found["", "R2"].value == 0.998
    assert found["AIG", "vif"].value == 178.524


def test_correlations_are_a_lower_triangle(read_csv: Any) -> None:
    table = {"layout": "published_table", "kind": "correlations"}
    text = ",PI,AIG,IM\nPI,1,,\nAIG,-0.777**,1,\nIM,−0.978***,0.663,1\n*** p<0.01,,,\n"
    document = read_csv(text, table)
    assert [(r.term, r.other_term, r.value, r.stars) for r in document.statistics] == [
        ("AIG", "PI", -0.777, "**"),
        ("IM", "PI", -0.978, "***"),
        ("IM", "AIG", 0.663, ""),
    ]
    for old, new, place in (
        ("1,,\n", "1,0.1,\n", "C2"),
        ("0.663", "", "C4"),
        ("-0.777**", "-1.777", "B3"),
        ("0.663,1", "0.663,0.9", "D4"),
    ):
        with pytest.raises(DocumentError, match=f"cell {place}:"):
            read_csv(text.replace(old, new, 1), table)


@pytest.mark.parametrize(
    "text",
    [
        "Variable,Minimum,Std. Deviation\nPI,0.009,0.107\nEG,2.334,0.339\n",
        "statistic,PI,EG\nmin,0.009,2.334\nsd,0.107,0.339\n",
        "变量,最小值,标准差\nPI,0.009,0.107\nEG,2.334,0.339\n",
    ],
)
def test_descriptives_either_way_round(read_csv: Any, text: str) -> None:
    document = read_csv(text, {"layout": "published_table", "kind": "descriptives"})
    assert {(r.term, r.statistic): r.value for r in document.statistics} == {
        ("PI", "min"): 0.009, ("PI", "sd"): 0.107, ("EG", "min"): 2.334, ("EG", "sd"): 0.339,
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "R²,Adjusted R²,F,p\n0.998,0.988,150.264,0.001\n",
        "Model,R²,Adjusted R²,F,p\nOLS,0.998,0.988,150.264,0.001\n",
        "R2,0.998\nadjusted R2,0.988\nF,150.264\nSig.,0.001\n",
    ],
)
def test_model_summary_either_way_round(read_csv: Any, text: str) -> None:
    document = read_csv(text, {"layout": "published_table", "kind": "model_summary"})
    assert {r.statistic: r.value for r in document.statistics} == {
        "R2": 0.998, "adjusted_R2": 0.988, "F": 150.264, "p": 0.001,
    }  # fmt: skip


def test_k_must_agree_with_the_card(read_csv: Any, catalogue: ModuleType) -> None:
    table = {"layout": "published_table", "kind": "coefficients", "tuning": {"k": 0.148}}
    text = catalogue.PAPER.replace("F,150.264", "k,0.148")
    assert any(row.statistic == "k" for row in read_csv(text, table).statistics)
    with pytest.raises(DocumentError, match=r"k = 0\.184, the card says 0\.148"):
        read_csv(text.replace("k,0.148", "k,0.184"), table)
