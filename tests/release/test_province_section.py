"""The study of provinces on the report: its numbers, each with its place in the warehouse."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.extracts.meaning.registry import regions
from assets.provinces.counties.poor_county_specification import STUDY as POOR_COUNTIES
from assets.provinces.poverty_class_specification import CLAIM as CLASSES_CLAIM
from assets.provinces.poverty_class_specification import STUDY as POVERTY_CLASSES
from assets.provinces.result_rows import (
    PROVINCE_TABLES,
    ProvinceEstimateRow,
    ProvinceEvidenceRow,
    ProvinceFindingRow,
)
from assets.release.report.pictures.map_pictures import TILES
from assets.release.report.sections.province_section import (
    poor_county_part,
    poverty_class_part,
    province_part,
)
from assets.release.report.words import Cited, Flag, PageTable, Picture
from assets.release.results.province_lines import PoorCountyHead, PovertyClassHead, ProvinceHead
from assets.warehouse.connection import kept_open, let_go
from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from assets.warehouse.reader import query
from assets.warehouse.store import Store
from assets.warehouse.tables.row import as_frame

OF = {"vintage": "0001-aaaaaaaa", "study": "made"}
INTERVAL = {"estimate": 0.0214, "low": -0.0105, "high": 0.0533}
FINDING = ProvinceFindingRow(
    **OF,
    claim="A7",
    part="income",
    text="E-commerce raises incomes.",
    specification="income",
    term="log_im",
    n=279,
    **INTERVAL,
    detectable=None,
    verdict="cannot say",
    sentence="The interval holds zero.",
    scale="elasticity",
    label="official",
)
SLOPES = [
    ProvinceEstimateRow(
        **OF,
        specification="income",
        estimator="two_way",
        inference="clustered",
        sample=sample,
        term="log_im",
        outcome="log_income",
        n=279,
        provinces=31,
        first_year=2016,
        last_year=2024,
        **INTERVAL,
        std_error=0.0156,
        p=0.18,
        needs="no trend of its own",
    )
    for sample in ("all", "without CN-BJ")
]
OF_HE = [
    replace(
        SLOPES[0],
        specification="he",
        estimator=estimator,
        inference="iid",
        term="im_sales",
        estimate=estimate,
        p=p,
    )
    for estimator, estimate, p in (("he_ridge", 0.188, 1e-7), ("he_ols", -0.047, 0.460))
]
OF_GANSU = replace(SLOPES[0], estimator="own_years", inference="none", sample="CN-GS")
TEST = ProvinceEvidenceRow(
    **OF,
    specification="income",
    term="log_im",
    test="lead",
    statistic=0.4,
    p_value=0.7,
    verdict="for",
    sentence="Later e-commerce tells nothing of earlier income.",
)


OF_COUNTIES = {"vintage": OF["vintage"], "study": POOR_COUNTIES}
COUNTY_FINDINGS = [
    replace(
        FINDING,
        study=POOR_COUNTIES,
        part=part,
        specification=specification,
        text="E-commerce and poor counties.",
        n=88,
    )
    for specification, part in (
        ("remaining", "poor counties that remain"),
        ("exit", "exit of poor counties"),
    )
]
COUNTY_SLOPES = [
    replace(
        SLOPES[0],
        study=POOR_COUNTIES,
        specification="remaining",
        estimator=estimator,
        inference=inference,
    )
    for estimator, inference in (
        ("fractional_logit_within", "clustered"),
        ("fractional_logit", "score_bootstrap"),
    )
]
CLASS_FINDING = replace(
    FINDING, study=POVERTY_CLASSES, part=CLASSES_CLAIM.part, specification="incidence", n=62
)
CLASS_SLOPES = [
    replace(
        SLOPES[0],
        study=POVERTY_CLASSES,
        specification="incidence",
        estimator=estimator,
        inference="larger_of_both",
    )
    for estimator in ("interval_regression", "interval_regression_within")
]
CHANGES = replace(TEST, study=POVERTY_CLASSES, specification="incidence", test="open_changes")
PATH = replace(TEST, study=POOR_COUNTIES, specification="remaining", test="common_path")


FIGURES = """
create schema catalog;
create schema provinces;
create table catalog.region (region text, kind text, name_zh text);
create table provinces.province_panel as from (values
    ('CN-BJ', 2023, 0.9::double, 39856::double), ('CN-BJ', 2024, 0.948, 41788),
    ('CN-GS', 2024, 0.117, 14105), ('CN-NM', 2024, null, null)
) as panel (region, reference_year, im_sales, rural_income_cny);
create table provinces.panel_revision (
    known_by integer, region text, reference_year integer, gross_product_change_pct double,
    population_change_pct double, im_change_pct double, eg_change_pct double,
    primary_change_pct double, primary_rounding_pct double
);
create table provinces.poor_county as from (values
    ('CN-GS', 2018, 38, 58, 38 / 58), ('CN-NM', 2018, 20, 31, 20 / 31),
    ('CN-GS', 2020, 0, 58, 0.0), ('CN-NM', 2020, 0, 31, 0.0)
) as county (region, reference_year, remaining, listed, remaining_share);
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A release that these tests only read, open as where a report is drawn."""
    made = published(tmp_path_factory.mktemp("made"))
    with kept_open():
        yield made


@kept_open()
def published(root: Path) -> Home:
    home = Home(root).prepare()
    file = home.releases / "warehouse-0001-aaaaaaaa.duckdb"
    store = Store(file)
    for table in PROVINCE_TABLES:
        store.ensure(table)
    for rows in (
        [FINDING, *COUNTY_FINDINGS, CLASS_FINDING],
        [*SLOPES, *OF_HE, OF_GANSU, *COUNTY_SLOPES, *CLASS_SLOPES],
        [TEST, PATH, CHANGES],
    ):
        with store.transaction() as writes:
            writes.append(rows[0].table, as_frame(type(rows[0]), rows))
    let_go(file)
    with duckdb.connect(file) as connection:
        connection.execute(FIGURES)
        known = [(code, each.kind, each.name_zh) for code, each in regions().items()]
        connection.executemany("insert into catalog.region values (?, ?, ?)", known)
    home.published.symlink_to(file.relative_to(root))
    return home


def test_claims_slopes_and_evidence_each_from_their_rows(home: Home) -> None:
    (head,) = ask(home, "commands/province_head", ProvinceHead, {"vintage": OF["vintage"]})
    part = province_part(home, head, OF["vintage"])
    claims, slopes, evidence = (each for each in part.section.parts if isinstance(each, PageTable))
    assert [cell.text for cell in claims.rows[0] if isinstance(cell, Cited)] == [
        "E-commerce raises incomes.",
        "0.0214",
        "−0.0105",
        "0.0533",
    ]
    assert len(slopes.rows) == 3  # the one without Beijing is not on the page
    assert [cell.words.en for cell in evidence.rows[0] if isinstance(cell, Flag)] == ["for"]
    numbers = [
        *(number for line in part.section.lines for number in line.numbers),
        *(cell for table in (claims, slopes) for row in table.rows for cell in row),
    ]
    for cell in numbers:
        if isinstance(cell, Cited):
            where = " and ".join(f"{name} = ${name}" for name in cell.key)
            sql = f"select {cell.column} from {cell.table} where {where}"
            assert query(home, sql, dict(cell.key)).rows == [(cell.value,)]
            assert cell.foot == part.foot.ident
    assert part.section.mark == ""  # figures as published
    assert "remaining" not in {row[0] for row in slopes.rows}  # of the other study
    told = [line.en for line in part.section.lines]
    assert "another concept than the IM of He's paper" in told[1]
    assert told[2].startswith("Missing: aEDI and CEI")
    assert "IM {0} of the range (its p is no valid test), least squares {1}" in told[3]
    assert told[4].startswith("Gansu in 2024: e-commerce {0} of gross product, place 2 of 2;")
    assert [[cited.text for cited in line.numbers] for line in part.section.lines[3:]] == [
        ["+0.188", "−0.047", "0.460"],
        ["0.117", "14105", "+0.021"],
    ]


def test_poor_counties_have_a_section_of_their_own_rows(home: Home) -> None:
    (head,) = ask(home, "commands/poor_county_head", PoorCountyHead, OF_COUNTIES)
    part = poor_county_part(home, head, OF["vintage"])
    claims, slopes, evidence = (each for each in part.section.parts if isinstance(each, PageTable))
    assert (len(claims.rows), len(slopes.rows), len(evidence.rows)) == (2, 2, 1)
    assert "Exit was decreed" in part.section.quotes[0]
    line, concept = part.section.lines
    assert "not official" in line.en
    assert "another concept than the IM of He's paper" in concept.en
    for cell in line.numbers:
        assert cell.key["study"] == POOR_COUNTIES
        where = " and ".join(f"{name} = ${name}" for name in cell.key)
        sql = f"select {cell.column} from {cell.table} where {where}"
        assert query(home, sql, dict(cell.key)).rows == [(cell.value,)]


def test_every_province_has_a_tile_of_its_own() -> None:
    provinces = {code for code, region in regions().items() if region.kind == "province"}
    assert set(TILES) == provinces
    assert len(set(TILES.values())) == len(provinces)


@pytest.mark.parametrize(
    ("study", "shown", "title"),
    [
        ("made", {"CN-BJ": "95", "CN-GS": "12"}, "2024"),
        (POOR_COUNTIES, {"CN-GS": "66", "CN-NM": "65"}, "2018"),
    ],
)
def test_a_map_shows_the_provinces_that_have_a_value(
    home: Home, study: str, shown: dict[str, str], title: str
) -> None:
    part: Any
    if study == "made":
        (head,) = ask(home, "commands/province_head", ProvinceHead, {"vintage": OF["vintage"]})
        part = province_part(home, head, OF["vintage"])
    else:
        (county,) = ask(home, "commands/poor_county_head", PoorCountyHead, OF_COUNTIES)
        part = poor_county_part(home, county, OF["vintage"])
    picture = part.section.parts[0]
    assert isinstance(picture, Picture)
    assert title in picture.title.en
    told = {region.en: number.text for region, number in picture.data.rows}
    assert told == shown
    for _, number in picture.data.rows:
        where = " and ".join(f"{name} = ${name}" for name in number.key)
        sql = f"select {number.column} from {number.table} where {where}"
        assert query(home, sql, dict(number.key)).rows == [(number.value,)]
    assert ">内蒙古<" in picture.svg
    assert picture.svg.count("<path") >= len(TILES)


def test_poverty_in_classes_has_a_section_of_its_own_rows(home: Home) -> None:
    of = {"vintage": OF["vintage"], "study": POVERTY_CLASSES}
    (head,) = ask(home, "commands/poverty_class_head", PovertyClassHead, of)
    part = poverty_class_part(home, head, OF["vintage"])
    claims, slopes, evidence = (each for each in part.section.parts if isinstance(each, PageTable))
    assert (len(claims.rows), len(slopes.rows), len(evidence.rows)) == (1, 2, 1)
    assert "no class is turned into a number" in part.section.quotes[0]
    for cell in part.section.lines[0].numbers:
        where = " and ".join(f"{name} = ${name}" for name in cell.key)
        sql = f"select {cell.column} from {cell.table} where {where}"
        assert query(home, sql, dict(cell.key)).rows == [(cell.value,)]
