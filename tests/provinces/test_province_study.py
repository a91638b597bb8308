"""The study as a whole: its rows, its findings against simulated truths, and its page."""

from dataclasses import fields, replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from assets.provinces.counties.poor_county_specification import STUDY as POOR_COUNTIES
from assets.provinces.evidence import evidence
from assets.provinces.panel_data import panel_of
from assets.provinces.poverty_class_specification import STUDY as POVERTY_CLASSES
from assets.provinces.result_rows import (
    PROVINCE_TABLES,
    ProvinceEstimateRow,
    ProvinceEvidenceRow,
    ProvinceFindingRow,
)
from assets.provinces.specification import CLAIMS, HEADQUARTERS, MAIN, SPECIFICATIONS, STUDY
from assets.provinces.study_results import ProvinceTables, study_frames
from assets.vintages.failures import Failures
from assets.warehouse.home import Home
from assets.warehouse.tables.table import Table
from orchestration.commands.pages.poor_county_page import (
    poor_county_head,
    poor_county_line,
    poor_county_page,
)
from orchestration.commands.pages.poverty_class_page import (
    poverty_class_head,
    poverty_class_line,
    poverty_class_page,
)
from orchestration.commands.pages.province_page import province_head, province_line, province_page

VINTAGE = "0001-abcdef12"
Frames = dict[Table, pd.DataFrame]


@pytest.fixture(scope="module")
def home(
    frames: Frames,
    provinces: duckdb.DuckDBPyConnection,
    tmp_path_factory: pytest.TempPathFactory,
) -> Home:
    """A published file with nothing in it but this study."""
    home = Home(tmp_path_factory.mktemp("provinces")).prepare()
    with duckdb.connect(home.published) as connection:
        connection.execute("create schema model; create schema provinces")
        for table, frame in frames.items():
            connection.register("rows", frame)
            connection.execute(f"create table {table.name} as from rows")
        models = (
            *("province_panel", "odd_cell", "national_sum", "poor_county", "poor_county_sum"),
            "poverty_class",
            "panel_known_by",
            "panel_revision",
        )
        for model in models:
            connection.register("rows", provinces.execute(f"from provinces.{model}").df())
            connection.execute(f"create table provinces.{model} as from rows")
    return home


def test_every_table_holds_its_rows(frames: Frames, failures: Failures) -> None:
    assert set(frames) == set(PROVINCE_TABLES)
    for table, frame in frames.items():
        assert len(frame), table.name
        assert not frame.duplicated(list(table.primary_key)).any(), table.name
        wanted = [column.name for column in table.columns if not column.nullable]
        assert not frame[wanted].isna().any().any(), table.name
    # Growth rates leave too few years for common correlated effects; nothing else is missing.
    assert [(row.status, row.entry) for row in failures.rows] == [
        ("refused", f"{name}, common_correlated_effects")
        for name in ("income_aig_gross_output", "income_aig_primary")
    ]


def test_a_warehouse_without_provinces_has_no_rows_and_no_failure(
    province_tables: ProvinceTables,
) -> None:
    empty = Failures(VINTAGE, ProvinceEstimateRow.table.name)
    nothing = (getattr(province_tables, each.name).iloc[:0] for each in fields(ProvinceTables))
    frames = study_frames(ProvinceTables(*nothing), empty)
    assert all(frame.empty for frame in frames.values())
    assert empty.rows == []


def test_the_verdict_follows_from_the_interval_and_the_tests(frames: Frames) -> None:
    findings = frames[ProvinceFindingRow.table]
    tests = frames[ProvinceEvidenceRow.table]
    counted = findings.groupby("study").size().to_dict()
    assert counted == {STUDY: len(CLAIMS), POOR_COUNTIES: 2, POVERTY_CLASSES: 1}
    for row in findings.itertuples():
        own = tests[(tests["specification"] == row.specification) & (tests["term"] == row.term)]
        against = own[(own["verdict"] == "against") & (own["test"] != "between_and_within")]
        holds_zero = row.low <= 0 <= row.high
        assert (row.verdict == "cannot say") == (holds_zero or len(against) > 0)
        for test in against["test"]:
            assert test.replace("_", " ") in row.sentence


def test_each_province_is_left_out_once(frames: Frames, province_year: pd.DataFrame) -> None:
    estimates = frames[ProvinceEstimateRow.table]
    own = estimates[
        (estimates["specification"] == MAIN.name)
        & (estimates["term"] == MAIN.ecommerce)
        & estimates["sample"].str.startswith("without ")
    ]
    regions = sorted(set(province_year["region"]))
    assert sorted(own["sample"]) == sorted(
        [*(f"without {region}" for region in regions), "without CN-BJ and CN-SH"]
    )


def test_the_page_answers_first(home: Home) -> None:
    head = province_head(home, VINTAGE)
    assert head is not None
    page = province_page(home, head, VINTAGE)
    assert page.heading.startswith(STUDY)
    assert page.lines[0].startswith("Answer: on 279 rows")
    assert page.lines[0].endswith("cannot say.")
    assert "would have concluded that e-commerce works" in page.lines[1]
    text = " ".join(page.lines)
    assert "another concept than the IM of He's paper" in text
    assert "Missing: aEDI and CEI" in text
    assert "CN-GS in 2024" in text
    for table in page.tables:
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.headings)}
    assert "n = 279" in province_line(head)


def test_a_vintage_before_the_study_has_no_line(home: Home, tmp_path: Path) -> None:
    assert province_head(home, "0000-none") is None
    before = Home(tmp_path).prepare()
    with duckdb.connect(before.published) as connection:
        connection.execute("create schema model; create table model.vintage (vintage varchar)")
    assert province_head(before, VINTAGE) is None
    assert poor_county_head(before, VINTAGE) is None


def test_the_page_of_poor_counties_answers_first_and_says_what_it_cannot(home: Home) -> None:
    head = poor_county_head(home, VINTAGE)
    assert head is not None
    page = poor_county_page(home, head, VINTAGE)
    assert page.heading.startswith(POOR_COUNTIES)
    assert page.lines[0].startswith("Answer: on 88 rows of 22 provinces, 2016-2019")
    assert page.lines[0].endswith(
        "lowers the share: cannot say; that it brings exit forward: cannot say."
    )
    text = " ".join(page.lines)
    for said in ("Exit was decreed", "derived, not official", "another concept than the IM"):
        assert said in text
    counts = page.tables[0].rows
    assert [row[1] for row in counts] == [f"{left} of 832" for left in (832, 804, 679, 397, 52, 0)]
    assert counts[3][-1] == "38 of 58"  # Gansu
    for table in page.tables:
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.headings)}
    assert "n = 88" in poor_county_line(head)


def test_the_page_of_classes_answers_first_and_makes_no_number_of_a_class(home: Home) -> None:
    head = poverty_class_head(home, VINTAGE)
    assert head is not None
    page = poverty_class_page(home, head, VINTAGE)
    assert page.lines[0].startswith("Answer: on 62 classes of 31 provinces, 10 % more e-commerce")
    assert "That e-commerce lowers it: cannot say." in page.lines[0]
    classes = [row[:5] for row in page.tables[0].rows]
    assert ("2016", "10.0", "open", "class", "5") in map(tuple, classes)
    assert ("2018", "4.8", "4.8", "point", "1") in map(tuple, classes)
    assert [row[0] for row in page.tables[0].rows if row[-1] == "here"] == ["2016", "2018"]
    for table in page.tables:
        assert {len(row) for row in table.rows} == {len(table.headings)}
    assert "n = 62 classes" in poverty_class_line(head)


@pytest.mark.parametrize("test", ["lead", "headquarters", "single_provinces", "common_shocks"])
def test_a_fault_that_is_put_in_is_found(province_year: pd.DataFrame, test: str) -> None:
    """Income that goes before e-commerce; seats, one province, or shocks that make the slope."""
    panel = panel_of(province_year, MAIN)
    generator = np.random.default_rng(7)
    x = generator.normal(size=panel.outcome.shape)
    y = 0.02 * generator.normal(size=panel.outcome.shape)
    if test == "lead":  # next year's e-commerce follows this year's income
        y[:, :-1] += 0.2 * x[:, 1:]
    elif test == "common_shocks":  # each province has them in a measure of its own
        units, years = panel.outcome.shape
        shock = generator.normal(size=(units, 1)) * np.cumsum(generator.normal(size=years))
        x += 2 * shock
        y += 0.1 * shock
    else:
        named = {"headquarters": HEADQUARTERS, "single_provinces": ("CN-XZ",)}[test]
        makers = [panel.regions.index(region) for region in named]
        x[makers] *= 8
        y[makers] += 0.1 * x[makers]
    regressors = np.concatenate([x[:, :, None], panel.regressors[:, :, 1:]], axis=2)
    drawn = replace(panel, outcome=y, regressors=regressors)
    found = {each.test: each for each in evidence(drawn, MAIN.ecommerce, generator, 199)}
    assert found[test].verdict == "against", found[test].sentence


def test_specifications_have_names_of_their_own() -> None:
    assert len({each.name for each in SPECIFICATIONS}) == len(SPECIFICATIONS)
    assert {claim.specification for claim in CLAIMS} <= {each.name for each in SPECIFICATIONS}
