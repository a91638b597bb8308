"""The study of provinces on the report: its numbers, each with its place in the warehouse."""

from dataclasses import replace
from pathlib import Path

from assets.provinces.poor_county_specification import STUDY as POOR_COUNTIES
from assets.provinces.result_rows import (
    PROVINCE_TABLES,
    ProvinceEstimateRow,
    ProvinceEvidenceRow,
    ProvinceFindingRow,
)
from assets.release.report.province_section import poor_county_part, province_part
from assets.release.report.words import Cited, Flag, PageTable
from assets.release.results.province_lines import PoorCountyHead, ProvinceHead
from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from assets.warehouse.reader import query
from assets.warehouse.row import as_frame
from assets.warehouse.store import Store

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
PATH = replace(TEST, study=POOR_COUNTIES, specification="remaining", test="common_path")


def published(root: Path) -> Home:
    home = Home(root).prepare()
    file = home.releases / "warehouse-0001-aaaaaaaa.duckdb"
    store = Store(file)
    for table in PROVINCE_TABLES:
        store.ensure(table)
    for rows in ([FINDING, *COUNTY_FINDINGS], [*SLOPES, *COUNTY_SLOPES], [TEST, PATH]):
        store.append(rows[0].table, as_frame(type(rows[0]), rows))
    home.published.symlink_to(file.relative_to(root))
    return home


def test_claims_slopes_and_evidence_each_from_their_rows(tmp_path: Path) -> None:
    home = published(tmp_path)
    (head,) = ask(home, "commands/province_head", ProvinceHead, {"vintage": OF["vintage"]})
    part = province_part(home, head, OF["vintage"])
    claims, slopes, evidence = (each for each in part.section.parts if isinstance(each, PageTable))
    assert [cell.text for cell in claims.rows[0] if isinstance(cell, Cited)] == [
        "E-commerce raises incomes.",
        "0.0214",
        "−0.0105",
        "0.0533",
    ]
    assert len(slopes.rows) == 1  # the one without Beijing is not on the page
    assert [cell.words.en for cell in evidence.rows[0] if isinstance(cell, Flag)] == ["for"]
    numbers = [
        *part.section.lines[0].numbers,
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


def test_poor_counties_have_a_section_of_their_own_rows(tmp_path: Path) -> None:
    home = published(tmp_path)
    (head,) = ask(home, "commands/poor_county_head", PoorCountyHead, OF_COUNTIES)
    part = poor_county_part(home, head, OF["vintage"])
    claims, slopes, evidence = (each for each in part.section.parts if isinstance(each, PageTable))
    assert (len(claims.rows), len(slopes.rows), len(evidence.rows)) == (2, 2, 1)
    assert "Exit was decreed" in part.section.quotes[0]
    (line,) = part.section.lines
    assert "not official" in line.en
    for cell in line.numbers:
        assert cell.key["study"] == POOR_COUNTIES
        where = " and ".join(f"{name} = ${name}" for name in cell.key)
        sql = f"select {cell.column} from {cell.table} where {where}"
        assert query(home, sql, dict(cell.key)).rows == [(cell.value,)]
