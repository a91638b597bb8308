"""By which definition of its indicator a figure counts: its label says it, or the card does."""

from pathlib import Path
from types import ModuleType

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.meaning.definitions import shipped_definitions
from assets.extracts.meaning.registry import indicator_of, indicators
from assets.extracts.meaning.told_definition import LabelledFigure, NotTold, told_definition

PEOPLE = "population_year_end"
LABELS = ("年末常住人口", "年末户籍人口", "农村居民人均纯收入", "城镇居民人均可支配收入")


def told(
    label: str, year: int = 2015, said: object = None, *, region: str = "CN-GS", edition: int = 2020
) -> str:
    indicator = indicators()[indicator_of(label) or PEOPLE]
    figure = LabelledFigure(indicator, label, region, year, edition)
    return told_definition(figure, said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("label", "definition"),
    [
        ("年末常住人口", "own"), ("population_year_end", "own"), ("年末人口①", "own"),
        ("Resident Population (year-end)", "own"), ("年末户籍人口", "registered"),
        ("户籍人口", "registered"), ("Registered Population", "registered"),
        ("年末户籍总人口", "registered"), ("公安户籍年报人口", "registered"),
        ("农村居民人均可支配收入", "own"), ("农村居民人均纯收入", "net_income"),
        ("rural_net_income_per_head", "net_income"), ("农民人均纯收入", "net_income"),
        ("第一产业增加值占比", "own"), ("地区生产总值", "own"), ("农村贫困人口", "own"),
        ("建档立卡贫困人口", "register"), ("建档立卡贫困发生率", "register"),
        ("Poverty Incidence", "own"), ("Registered Poor Population", "register"),
    ],
)  # fmt: skip
def test_a_label_tells_it(label: str, definition: str) -> None:
    assert told(label) == definition


def test_total_population_is_told_for_a_nation_alone() -> None:
    assert told("年末总人口", region="CN") == "own"
    for region in ("CN-GS", "CN-62-01"):
        with pytest.raises(NotTold, match="does not tell"):
            told("年末总人口", region=region)
        assert told("年末总人口", said="registered", region=region) == "registered"


def test_years_before_a_definition_are_the_earlier_one_or_must_be_stated() -> None:
    assert told("农村居民人均可支配收入", 2012, edition=2013) == "net_income"
    with pytest.raises(NotTold, match="carried back"):
        told("农村居民人均可支配收入", 2012, edition=2022)
    assert told("农村居民人均可支配收入", 2012, "own", edition=2022) == "own"
    with pytest.raises(NotTold, match="not printed for 2016"):
        told("农村居民人均纯收入", 2016)


def test_there_was_no_register_of_poor_households_before_2013() -> None:
    # 国开办发〔2014〕24号: the register of 2014 lists the poor of the end of 2013.
    assert told("建档立卡贫困人口", 2013) == "register"
    with pytest.raises(NotTold, match="not printed for 2012"):
        told("建档立卡贫困人口", 2012)


def test_the_card_states_years_and_the_label_tells_the_others() -> None:
    said = {"before_agricultural_census_2016": "2010-2016"}
    assert told("第一产业占比", 2016, said) == "before_agricultural_census_2016"
    assert told("第一产业占比", 2017, said) == "own"
    with pytest.raises(NotTold, match="two definitions"):
        told("第一产业占比", 2016, {**said, "own": 2016})
    with pytest.raises(NotTold, match="no definition of primary_industry_share"):
        told("第一产业占比", 2016, "registered")


@given(
    st.sampled_from((*LABELS, "农村贫困人口", "建档立卡贫困人口", "贫困发生率")),
    st.integers(1990, 2024),
    st.sampled_from([None, "own", "registered", "net_income", "urban_survey", "register"]),
    st.integers(1990, 2030),
)
def test_what_is_told_is_a_definition_of_the_indicator(
    label: str, year: int, said: str | None, edition: int
) -> None:
    definitions = indicators()[str(indicator_of(label))].definitions
    assert definitions is not None
    try:
        key = told(label, year, said, edition=edition)
    except NotTold:
        return
    assert key in definitions.of
    if said is not None:
        assert key == said


def test_what_ships_names_only_what_there_is() -> None:
    for indicator, definitions in shipped_definitions().items():
        own, *others = definitions.of.values()
        for each in others:
            for label in each.labels:
                assert indicator_of(label) == indicator
                year = each.last or each.first or 2015
                assert told(label, year) != "own"
        assert own.differs


CSV = """数据库：分省年度数据
地区：甘肃省
指标,2014年,2013年
年末常住人口(万人),2591,2582
年末户籍人口(万人),2738,2727
数据来源：国家统计局
"""


def _read(catalogue: ModuleType, landing: Path, text: str, **keys: object) -> Document:
    catalogue.write_csv(landing, text, {"axes": "site", **keys})
    return read_document(landing / "damaged_source/2020/card.yaml", landing)


def test_both_definitions_of_one_document_come_in(catalogue: ModuleType, landing: Path) -> None:
    read = _read(catalogue, landing, CSV.replace("2727", "…"), marks={"…": "not_available"})
    found = {(row.definition, row.reference_year): row.value for row in read.observations}
    assert found == {("own", 2013): 2582, ("own", 2014): 2591, ("registered", 2014): 2738}
    assert [row.definition for row in read.unavailable] == ["registered"]
    with pytest.raises(DocumentError, match="stands here and in"):
        _read(catalogue, landing, CSV.replace("年末户籍人口", "常住人口"))


def test_years_of_one_row_by_two_definitions(catalogue: ModuleType, landing: Path) -> None:
    label = "第一产业增加值占地区生产总值比重"
    text = CSV.replace("年末常住人口(万人),2591,2582", f"{label}(%),12.05,13.66")
    said = {label: {"before_agricultural_census_2016": 2013}}
    read = _read(catalogue, landing, text, definitions=said)
    found = {row.reference_year: row.definition for row in read.observations if row.value < 100}
    assert found == {2013: "before_agricultural_census_2016", 2014: "own"}


def test_what_only_the_english_label_tells_counts(catalogue: ModuleType, landing: Path) -> None:
    text = CSV.replace("年末常住人口(万人)", "年末人口(万人) Registered Population")
    text = text.replace("年末户籍人口(万人),2738,2727\n", "")
    assert {row.definition for row in _read(catalogue, landing, text).observations} == {
        "registered"
    }
    text = text.replace("年末人口(万人)", "年末常住人口(万人)")
    with pytest.raises(DocumentError, match="names two definitions"):
        _read(catalogue, landing, text)


DECLARED = """rural_consumption:
  zh: 农村居民人均消费支出
  en: Consumption per head of rural residents
  unit: cny
  dimension: currency_per_person
  plausible: [100, 100000]
  definitions:
    of:
      own: {zh: 新口径, en: One survey, first: 2013, differs: all residents, said_by: the office}
      before: {zh: 老口径, en: Earlier, words: [老口径], last: 2014, differs: two, said_by: it}
    bridges:
      - {earlier: before, later: own, overlap: "2013-2014", rule: ratio_at_overlap, said_by: both}
"""


def test_a_declared_indicator_may_have_definitions(
    catalogue: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YEARBOOK_HOME", str(tmp_path))
    landing = tmp_path / "landing"
    landing.mkdir()
    (landing / "indicators.yaml").write_text(DECLARED, encoding="utf-8")
    text = CSV.replace("年末常住人口(万人)", "农村居民人均消费支出(元)")
    text = text.replace("年末户籍人口(万人)", "农村居民人均消费支出(老口径)(元)")
    keys = {"labels": {"农村居民人均消费支出(老口径)": "rural_consumption"}}
    read = _read(catalogue, landing, text, **keys)
    found = {(row.definition, row.reference_year): row.value for row in read.observations}
    assert (found["own", 2014], found["before", 2014]) == (2591, 2738)
    for old, new, message in (
        ("      own:", "      first_of_all:", "has 'own' first"),
        ("earlier: before, later", "earlier: beforehand, later", "'beforehand' is none of"),
        ('"2013-2014"', "lately", "names no years"),
    ):
        (landing / "indicators.yaml").write_text(DECLARED.replace(old, new), encoding="utf-8")
        with pytest.raises(DocumentError, match=message):
            _read(catalogue, landing, text, **keys)


POOR = """地区：甘肃省
指标,2013年
农村贫困人口(万人),496
建档立卡贫困人口(万人),552
贫困发生率(%),23.8
"""


def test_survey_and_register_are_two_series(catalogue: ModuleType, landing: Path) -> None:
    # Gansu, end of 2013: 4.96 million by the survey, 5.52 million on the register.
    read = _read(catalogue, landing, POOR)
    found = {(row.indicator, row.definition): row.value for row in read.observations}
    assert found == {
        ("rural_poor_population", "own"): 496,
        ("rural_poor_population", "register"): 552,
        ("poverty_incidence", "own"): 23.8,
    }


@pytest.mark.parametrize("title", ["甘肃省建档立卡情况", "按建档立卡统计的贫困人口"])
def test_a_title_that_names_a_definition_stops_until_the_card_has_it(
    catalogue: ModuleType, landing: Path, title: str
) -> None:
    text = f"{title}\n" + POOR.replace("建档立卡贫困人口(万人),552\n", "").replace("496", "552")
    with pytest.raises(DocumentError, match=title) as error:
        _read(catalogue, landing, text)
    lines = error.value.advice.splitlines()
    line = yaml.safe_load(next(t for t in lines if t.strip().startswith("definitions:")))
    read = _read(catalogue, landing, text, **line)
    assert {row.definition for row in read.observations} == {"register"}
    read = _read(catalogue, landing, text, ignore=[title])
    assert {row.definition for row in read.observations} == {"own"}
