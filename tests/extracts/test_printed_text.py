"""Numbers, years, units and labels as printed."""

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.extracts.layouts.cells import (
    Missing,
    PrintedNumber,
    parse_number,
    parse_year,
    read_value,
)
from assets.extracts.meaning.printed_text import strip_marks
from assets.extracts.meaning.registry import (
    indicator_of,
    indicators,
    normalise_label,
    plausible_range,
    region_of,
    regions,
)
from assets.extracts.meaning.units import convert, unit_of, units


@pytest.mark.parametrize(
    ("text", "value", "decimals", "footnotes"),
    [
        ("5650.2", "5650.2", 1, ""),
        ("５６５０．２０", "5650.20", 2, ""),
        ("12,345,678.9", "12345678.9", 1, ""),
        ("12，345", "12345", 0, ""),
        ("12 345.6", "12345.6", 1, ""),
        ("12\u2009345", "12345", 0, ""),
        ("12\u00a0345", "12345", 0, ""),
        ("−0.777", "-0.777", 3, ""),
        ("－3", "-3", 0, ""),
        ("–3.5", "-3.5", 1, ""),
        ("2647.43①", "2647.43", 2, "①"),
        ("2647.43(a)", "2647.43", 2, "(a)"),
        ("2647.43 1)", "2647.43", 2, "1)"),
        ("2647¹", "2647", 0, "¹"),
        ("*2647#", "2647", 0, "* #"),
        ("0.00", "0.00", 2, ""),
    ],
)
def test_numbers_as_printed(text: str, value: str, decimals: int, footnotes: str) -> None:
    assert parse_number(text) == PrintedNumber(Decimal(value), decimals, footnotes)


@pytest.mark.parametrize(
    "text",
    [
        "", "-", "—", "…", "2,647.43 万", "2647万", "33.2%", "1.5e3", "1E5", "12,34", "1,2345",
        "1,234 567", "1 23", "5.650,2", "5650,2", "(1,234)", "1.2.3", "12.", ".5", "- 3", "--3",
        "26471)", "2647E", "约2647", "2647-2650", "NaN", "inf", "0x10", "1_000", "九", "½", "²",
        "1" * 40, "①", "*", "26²47", "26①47", "٣", "007", "0,123",
    ],
)  # fmt: skip
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_number(text)


@given(
    number=st.decimals(-(10**9), 10**9, places=3, allow_nan=False),
    comma=st.sampled_from(["", ",", "，", " ", "\u2009", "\u00a0"]),
    wide=st.booleans(),
    mark=st.sampled_from(["", "①", "*", " (a)", "²", " #"]),
)
@settings(max_examples=200)
def test_what_is_printed_is_what_is_read(
    number: Decimal, comma: str, wide: bool, mark: str
) -> None:
    text = f"{number:,.3f}".replace(",", comma)
    if wide:
        text = text.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789.-"})
    assert parse_number(text + mark).value == number


@given(st.text(st.sampled_from("0123456789０９.,，-− 　①²(a)*#万e%…"), max_size=12))
@settings(max_examples=500)
def test_no_digit_is_ever_lost(text: str) -> None:
    try:
        read = parse_number(text)
    except ValueError:
        return
    bare = unicodedata.normalize("NFKC", strip_marks(text)[0])
    assert "".join(c for c in f"{read.value:f}" if c.isdigit()) == "".join(
        c for c in bare if c.isdigit()
    )


def test_marks_mean_what_the_card_says() -> None:
    marks = {"-": "zero", "…": "below_half_unit", "—": "not_available"}
    assert read_value(" － ", marks) == PrintedNumber(Decimal(0), 0, "", is_mark=True)
    assert read_value("...", marks) == Missing("below_half_unit")
    assert read_value("—", marks) == Missing("not_available")
    assert read_value(" \u3000", {}) == Missing("not_available")
    with pytest.raises(ValueError, match="does not explain"):
        read_value("—", {"-": "zero"})


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2019", 2019), ("2019年", 2019), ("２０１９ 年", 2019), ("2019a", 2019), ("2019①", 2019),
        ("2019(1)", 2019), ("2018-2019", None), ("201", None), ("20190", None), ("2O19", None),
        ("2019.0", None), ("2019-06-01", None), ("", None),
    ],
)  # fmt: skip
def test_years(text: str, year: int | None) -> None:
    assert parse_year(text) == year


@pytest.mark.parametrize(
    ("printed", "unit"),
    [
        ("亿元", "100m_cny"), ("（亿 元）", "100m_cny"), ("单位：亿元", "100m_cny"),
        ("100 million yuan", "100m_cny"), ("(100 Million Yuan)", "100m_cny"),
        ("Unit: 10,000 yuan", "10k_cny"), ("万亿元", "1t_cny"), ("元/人", "cny_per_person"),
        ("亿元/万人", "10k_cny_per_person"), ("10 000 persons", "10k_persons"), ("％", "pct"),
        ("‰", "permille"), ("billion yuan", "1b_cny"), ("million persons", "1m_persons"),
        ("个百分点", "percentage_points"), ("10k_persons", "10k_persons"),
    ],
)  # fmt: skip
def test_units_as_printed(printed: str, unit: str) -> None:
    found = unit_of(printed)
    assert found is not None
    assert found.id == unit


@pytest.mark.parametrize("printed", ["亿日元", "百万", "吨", "", "元元", "GDP", "1", "亿"])
def test_unknown_units(printed: str) -> None:
    assert unit_of(printed) is None


def test_conversion_is_exact() -> None:
    # 7.85 trillion yuan are 78,500 亿元, and 5650.2 亿元 stay 5650.2 as a double.
    assert convert(Decimal("7.85"), units()["1t_cny"], units()["100m_cny"]) == 78500
    assert float(convert(Decimal("5650.2"), units()["100m_cny"], units()["100m_cny"])) == 5650.2
    assert float(convert(Decimal("56502000"), units()["10k_cny"], units()["100m_cny"])) == 5650.2
    assert float(convert(Decimal("9.7"), units()["permille"], units()["pct"])) == 0.97
    assert convert(Decimal("1.5"), units()["100m_persons"], units()["10k_persons"]) == 15000


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=5, min_value=-(10**15)),
    st.sampled_from(sorted(units())),
    st.sampled_from(sorted(units())),
)
def test_conversion_goes_back_exactly(value: Decimal, source: str, target: str) -> None:
    a, b = units()[source], units()[target]
    if a.dimension != b.dimension:
        return
    there = convert(value, a, b)
    assert there.as_tuple().digits == value.as_tuple().digits
    assert convert(there, b, a).as_tuple() == value.as_tuple()


def test_conversion_refuses_another_dimension() -> None:
    for source, target in (("100m_cny", "10k_persons"), ("pct", "percentage_points")):
        with pytest.raises(ValueError, match="cannot convert"):
            convert(Decimal(1), units()[source], units()[target])


@pytest.mark.parametrize(
    ("label", "indicator"),
    [
        ("地区生产总值", "gross_product"), ("国内生产总值①", "gross_product"),
        ("#其中：第一产业", "primary_industry_value_added"),
        ("一、地区生产总值", "gross_product"), ("1.地区 生产总值", "gross_product"),
        ("Gross  Regional\nProduct", "gross_product"), ("gross_domestic_product", "gross_product"),
        ("rural_poverty_incidence", "poverty_incidence"),
        ("rural_per_capita_net_income", "rural_disposable_income_per_head"),
        ("人均 GDP", "gross_product_per_head"), ("aEDI", "aEDI"), ("第四产业", None),
        ("地区生产总值指数", None), ("其中", None),
    ],
)  # fmt: skip
def test_labels(label: str, indicator: str | None) -> None:
    assert indicator_of(label) == indicator


@given(st.text(max_size=20))
def test_normalising_a_label_twice_changes_nothing_known(text: str) -> None:
    known = indicator_of(text)
    assert known is None or indicator_of(normalise_label(text)) == known


def test_regions() -> None:
    assert [region_of(name) for name in ("甘肃", "甘肃省", "Gansu", "CN-GS")] == ["CN-GS"] * 4
    assert region_of("陕西省") == "CN-SN"
    assert region_of("山西") == "CN-SX"
    assert region_of("甘肃县") is None
    # Seventh National Population Census, Communiqué No. 3: the provinces sum to the nation less
    # the 2 million of the armed forces; figures above are rounded to 10,000 persons.
    provinces = [r.census_2020_10k_persons for r in regions().values() if r.is_chinese_province]
    assert len(provinces) == 31
    assert sum(provinces) + 200 == pytest.approx(regions()["CN"].census_2020_10k_persons, abs=16)


def test_every_indicator_has_a_range_for_every_region() -> None:
    for indicator in indicators().values():
        for region in regions():
            low, high = plausible_range(indicator, region)
            assert low < high
