"""Keys that a user gives: in any case and language, or an error that names the nearest."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.extracts.meaning.registry import regions
from assets.warehouse.errors import WarehouseError
from orchestration.commands.key import indicator_key, known_key, region_key

STUDIES = {"china_2012_2019": (), "gansu_gdp_revised": (), "he_2012_2019": ()}


@pytest.mark.parametrize("given_name", ["PI", "pi", " PI ", "贫困发生率", "Poverty Incidence"])
def test_a_key_by_any_of_its_names(given_name: str) -> None:
    known = {"PI": ("poverty incidence", "贫困发生率"), "EG": ("economic growth", "经济增长")}
    assert known_key("index", given_name, known) == "PI"


def test_an_unknown_key_names_the_nearest() -> None:
    with pytest.raises(WarehouseError) as told:
        known_key("study", "china_2012_2018", STUDIES)
    assert str(told.value) == (
        "There is no study 'china_2012_2018'; there are china_2012_2019, gansu_gdp_revised, "
        "he_2012_2019.\n  Nearest: china_2012_2019, he_2012_2019."
    )


@given(st.text(max_size=30) | st.sampled_from(sorted(STUDIES)).map(str.upper))
def test_a_key_is_found_or_told_and_never_another(text: str) -> None:
    meant = text.strip().casefold()
    if meant in STUDIES:
        assert known_key("study", text, STUDIES) == meant
    else:
        with pytest.raises(WarehouseError, match=re.escape(f"'{text}'")):
            known_key("study", text, STUDIES)


@pytest.mark.parametrize("given_name", ["CN-GS", "cn-gs", "Gansu", "甘肃", "甘肃省", "gansu"])
def test_a_region_by_code_or_name(given_name: str) -> None:
    assert region_key(given_name) == "CN-GS"


def test_every_region_is_found_by_its_code() -> None:
    assert [code for code in regions() if region_key(code) != code] == []


def test_an_unknown_region_names_the_nearest() -> None:
    with pytest.raises(
        WarehouseError, match=r"There is no region 'Gansuu'.*\n  Nearest: CN-GS \(甘肃省, Gansu\)"
    ):
        region_key("Gansuu")


def test_a_part_of_a_name_is_near() -> None:
    titles = {"gansu_gdp_revised": ("甘肃人均生产总值",), "china_2012_2019": ("全国",)}
    for part in ("gdp", "甘肃"):
        with pytest.raises(WarehouseError, match="Nearest: gansu_gdp_revised"):
            known_key("study", part, titles)


def test_an_unknown_indicator_names_the_nearest_in_either_language() -> None:
    for given_name in ("贫困发生", "poverty incidenc"):
        with pytest.raises(WarehouseError, match="Nearest: poverty_incidence"):
            indicator_key(given_name)
