"""Regions: names and codes resolve to one region, or are refused with the candidates."""

import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.extracts.cards.content import content_sha256
from assets.extracts.document import Document, read_document
from assets.extracts.errors import DocumentError
from assets.extracts.meaning.registry import (
    indicators,
    normalise_label,
    plausible_range,
    region_of,
    regions,
    regions_named,
)
from assets.extracts.regions.spellings import spellings
from assets.warehouse.home import HOME_VARIABLE

# GB/T 2260: 吉林市 220200, 海南藏族自治州 632500, 朝阳区 of Beijing 110105 and of Changchun 220104.
ADDED = """
source: GB/T 2260
licence: facts
regions:
  CN-22-01: {kind: prefecture, parent: CN-JL, gb: "220100", zh: 长春市, en: Changchun}
  CN-22-02: {kind: prefecture, parent: CN-JL, gb: "220200", zh: 吉林市, en: Jilin}
  CN-63-25: {kind: prefecture, parent: CN-QH, gb: "632500", zh: 海南藏族自治州, en: Hainan}
  CN-11-01-05: {kind: county, parent: CN-BJ, gb: "110105", zh: 朝阳区, en: Chaoyang}
  CN-22-01-04: {kind: county, parent: CN-22-01, gb: "220104", zh: 朝阳区, en: Chaoyang}
"""


@pytest.fixture
def added(landing: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A landing folder that adds regions."""
    path = landing / "regions.yaml"
    path.write_text(ADDED, encoding="utf-8")
    monkeypatch.setenv(HOME_VARIABLE, str(landing.parent))
    return path


@pytest.mark.parametrize(
    ("region", "names"),
    [
        ("CN-GS", "甘肃 甘肃省 Gansu gansu 620000 CN-GS cn-gs"),
        ("CN-62-01", "兰州 兰州市 LANZHOU 620100 CN-62-01"),
        ("CN-62-05", "天水 天水市 Tianshui 620500"),
        ("CN-62-29", "临夏 临夏州 临夏自治州 临夏回族自治州 622900"),
        ("CN-NM", "内蒙古 内蒙古自治区 150000"),
        ("CN-GX", "广西 广西自治区 广西壮族自治区"),
        ("CN-XJ", "新疆 新疆维吾尔自治区"),
        ("CN", "全国 中国 China CHN CN"),
        ("USA", "USA usa 美国"),
        ("DEU", "DEU Germany 德国"),
    ],
)
def test_codes_and_names_in_both_languages(region: str, names: str) -> None:
    assert {name: region_of(name) for name in names.split()} == dict.fromkeys(names.split(), region)
    assert region_of("Gansu Province") == "CN-GS"
    assert region_of("Lanzhou City") == "CN-62-01"
    assert region_of("Inner Mongolia Autonomous Region") == "CN-NM"
    assert [region_of(letters) for letters in ("GS", "GD", "NO", "it")] == [None] * 4


SPELLINGS = [
    (code, text)
    for code, region in regions().items()
    for naming in region.namings
    for text in (code, *spellings(naming))
]


@given(st.sampled_from(SPELLINGS), st.sampled_from([str.upper, str.lower, str.title, str]))
def test_every_spelling_means_its_region(spelled: tuple[str, str], case: Any) -> None:
    code, text = spelled
    meant = regions_named(case(text))
    assert code in meant
    assert len(meant) > 1 or region_of(case(text)) == code


@given(st.text(max_size=12) | st.sampled_from([text for _, text in SPELLINGS]).map("x".__add__))
def test_no_unknown_text_means_a_region(text: str) -> None:
    known = {normalise_label(spelled) for _, spelled in SPELLINGS}
    assert bool(regions_named(text)) == (normalise_label(text) in known)


def test_names_count_in_the_years_they_were_in_force() -> None:
    # 陇南地区 became 陇南市 in 2004; 武威地区 became 武威市 in 2001, a county's city before.
    assert regions_named("陇南地区", 2000, 2001) == ("CN-62-12",)
    assert regions_named("陇南地区", 2010, 2011) == ()
    assert regions_named("陇南市", 2000, 2010) == ("CN-62-12",)
    assert regions_named("武威市", 1995, 1996) == ()
    assert regions_named("622400", 2000, 2001) == ("CN-62-11",)  # 定西地区


def test_what_may_be_several_is_refused_with_the_candidates(added: Path) -> None:
    for name, meant in {
        "朝阳区": {"CN-11-01-05", "CN-22-01-04"},
        "吉林": {"CN-JL", "CN-22-02"},
        "Jilin": {"CN-JL", "CN-22-02"},
        "海南": {"CN-HI", "CN-63-25"},
    }.items():
        assert set(regions_named(name)) == meant
        assert region_of(name) is None
    assert region_of("吉林省") == "CN-JL"
    assert region_of("吉林市") == "CN-22-02"
    assert region_of("海南州") == "CN-63-25"


@pytest.fixture
def read_rows(catalogue: ModuleType, landing: Path) -> Any:
    def read(rows: str, names: dict[str, str] | None = None, **card: Any) -> Document:
        table = {
            "axes": {
                "indicator": {"across": 1}, "region": {"down": "市州"}, "year": {"down": "年份"},
            },
            **({"regions": names} if names else {}),
        }  # fmt: skip
        card = {"region": "CN", **card}
        catalogue.write_csv(landing, f"市州,年份,地区生产总值（亿元）\n{rows}\n", table, **card)
        return read_document(landing / "damaged_source/2020/card.yaml", landing)

    return read


def test_prefectures_down_the_side(read_rows: Any) -> None:
    document = read_rows("兰州市,2019,2837.36\n天水市,2019,632.67", region="CN-GS")
    assert [(row.region, row.value) for row in document.observations] == [
        ("CN-62-01", 2837.36), ("CN-62-05", 632.67),
    ]  # fmt: skip


def test_prefectures_of_another_province_stop_the_document(read_rows: Any) -> None:
    with pytest.raises(DocumentError, match=r"names 兰州市 \(CN-62-01\)"):
        read_rows("兰州市,2019,2837.36", region="CN-QH")


def test_an_ambiguous_name_is_refused_and_the_advice_works(added: Path, read_rows: Any) -> None:
    with pytest.raises(DocumentError, match=r"CN-JL \(Jilin\) or CN-22-02 \(Jilin\)") as refused:
        read_rows("吉林,2019,11726.8")
    assert 'regions: {"吉林": "CN-JL"}' in refused.value.advice
    document = read_rows("吉林,2019,11726.8", {"吉林": "CN-JL"})
    assert [row.region for row in document.observations] == ["CN-JL"]
    with pytest.raises(DocumentError, match="cannot be CN-GS"):
        read_rows("吉林,2019,11726.8", {"吉林": "CN-GS"})


def test_a_name_out_of_force_is_refused(read_rows: Any) -> None:
    with pytest.raises(DocumentError, match=r"unknown between 2019 and 2020.*CN-62-12 \(Longnan\)"):
        read_rows("陇南地区,2019,445.1")
    assert read_rows("陇南地区,2003,60.1").observations[0].region == "CN-62-12"


def test_a_figure_from_before_new_borders_says_so(read_rows: Any) -> None:
    before, after = read_rows("四川省,1996,2985.15\n四川省,1997,3320.11").observations
    assert before.note == "borders changed in 1997: Chongqing became a province of its own"
    assert after.note is None


def test_a_nation_may_be_the_region_of_a_card(catalogue: ModuleType, landing: Path) -> None:
    rows = "indicator,region,year,value,unit\npopulation_year_end,,2019,32833,万人\n"
    catalogue.write_csv(landing, rows, {"axes": "typed"}, region="USA")
    document = read_document(landing / "damaged_source/2020/card.yaml", landing)
    assert [(row.region, row.value) for row in document.observations] == [("USA", 32833)]


def test_every_kind_of_region_has_a_range() -> None:
    for indicator in indicators().values():
        for region in ("USA", "CN-62-01"):
            low, high = plausible_range(indicator, region)
            assert low <= 0 < high
    assert plausible_range(indicators()["population_year_end"], "CN-GS")[1] < 4000


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("parent: CN-JL, gb", "parent: CN-XX, gb"), "its parent 'CN-XX' is no region"),
        (('"220104"', '"110105"'), "its code 110105 is that of"),
        (("CN-22-01:", "CN-GS:"), r"CN-GS \(Gansu\) is known already"),
        (("licence: facts\n", ""), "field licence"),
        (("en: Chaoyang}", "en: Chaoyang, name: x}"), "no such field is known"),
        (("CN-22-02:", "CN-22-01:"), "in line"),
        (("en: Hainan}", "en: Hainan, since: 2010, until: 2000}"), "2010 is after 2000"),
    ],
)
def test_a_wrong_file_of_regions_is_refused(
    added: Path, read_rows: Any, wrong: tuple[str, str], said: str
) -> None:
    added.write_text(ADDED.replace(*wrong, 1), encoding="utf-8")
    with pytest.raises(DocumentError, match=said) as refused:
        read_rows("兰州市,2019,2837.36")
    assert refused.value.file == "landing/regions.yaml"


def test_a_change_of_the_file_is_a_change_of_the_documents(added: Path, read_rows: Any) -> None:
    card = added.parent / "damaged_source/2020/card.yaml"
    assert read_rows("吉林市,2019,1416.6").observations[0].region == "CN-22-02"
    before = content_sha256(card)
    added.write_text(ADDED.replace("en: Jilin", "en: Jilin City"), encoding="utf-8")
    assert content_sha256(card) != before


def test_a_file_of_the_first_moment_there_is_counts(added: Path, read_rows: Any) -> None:
    """Archives that are made alike everywhere give all files the same time, which may be 0."""
    os.utime(added, (0, 0))
    assert read_rows("吉林市,2019,1416.6").observations[0].region == "CN-22-02"
