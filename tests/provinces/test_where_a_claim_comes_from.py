"""`yearbook where-from` of a verdict: the estimate behind it, and every figure with its cell."""

import argparse
import csv
import json
import re
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from assets.extracts.document import document_frames, read_document
from assets.poverty.result_tables import MODEL_TABLES
from assets.provinces.counties.poor_county_specification import STUDY as POOR_COUNTIES
from assets.provinces.poverty_class_specification import STUDY as POVERTY_CLASSES
from assets.provinces.specification import STUDY
from assets.towns.records.record_rows import TownDatasetRow, TownFileRow
from assets.towns.study.result_rows import (
    TOWN_STUDY_TABLES,
    TownEstimateRow,
    TownEvidenceRow,
    TownFindingRow,
)
from assets.warehouse.home import Home
from assets.warehouse.tables.row import as_frame
from assets.warehouse.tables.table import Table
from orchestration.commands.where_from import COMMAND

LANDING = Path(__file__).parents[2] / "landing"
DOCUMENTS = (
    "nbs_province_annual/2026",
    "nbs_province_ecommerce/2026",
    "nbs_province_income/2026",
    "poor_county_list/2020",
    "poverty_classes_book/2017",
    "nbs_poverty_classes/2019",
    "govcn_yunnan_poverty/2019",
)
TOWNS = {
    "vintage": "0001-abcdef12",
    "dataset": "towns_made_here",
    "simulated": True,
}
ESTIMATION = TOWNS | {
    "estimator": "synthetic_did",
    "sample": "all towns",
    "control_pool": "never",
    "outcome": "mean_log_sales",
}


@pytest.fixture(scope="module")
def home(
    frames: dict[Table, pd.DataFrame],
    provinces: duckdb.DuckDBPyConnection,
    tmp_path_factory: pytest.TempPathFactory,
) -> Home:
    """A published file with the studies of provinces, their documents, and one finding of towns."""
    home = Home(tmp_path_factory.mktemp("claims")).prepare()
    read = [read_document(LANDING / each / "card.yaml", LANDING) for each in DOCUMENTS]
    tables = {table.name: frame for table, frame in frames.items()}
    tables |= {name: frame for name, frame in document_frames(read).items() if len(frame)}
    for name in ("province_panel", "poor_county", "poverty_class"):
        tables[f"provinces.{name}"] = provinces.execute(f"from provinces.{name}").df()
    tables["staging.interval_print"] = provinces.execute("from staging.interval_print").df()
    tables |= {table.name: frame for table, frame in town_frames().items()}
    with duckdb.connect(home.published) as connection:
        for schema in ("raw", "model", "current", "latest", "provinces", "staging", "study"):
            connection.execute(f"create schema {schema}")
        for name, frame in tables.items():
            connection.register("rows", frame)
            connection.execute(f"create table {name} as from rows")
        connection.execute("create view latest.figure as from raw.observation")
        connection.execute("create table study.sample (study varchar, title varchar)")
        for table in (*frames, *TOWN_STUDY_TABLES, *MODEL_TABLES):
            name = table.name.partition(".")[2]
            if table.name not in tables:
                columns = ", ".join(f'"{each.name}" {each.type}' for each in table.columns)
                connection.execute(f"create table {table.name} ({columns})")
            connection.execute(f"create view current.{name} as from {table.name}")
    return home


def town_frames() -> dict[Table, pd.DataFrame]:
    estimate = TownEstimateRow(
        **ESTIMATION,
        target="att",
        cell="",
        cluster="town",
        inference="jackknife",
        towns=40,
        treated_towns=9,
        effective_treated=8.5,
        effective_controls=30.0,
        sellers=None,
        scale="log points",
        estimate=0.25,
        std_error=0.05,
        low=0.15,
        high=0.35,
        percent=28.4,
        percent_low=16.2,
        percent_high=41.9,
        band_low=None,
        band_high=None,
        percent_band_low=None,
        percent_band_high=None,
        needs="parallel to a weighted average",
    )
    tests = [
        TownEvidenceRow(
            **ESTIMATION,
            test=test,
            cell="",
            statistic=1.0,
            p_value=p,
            verdict=verdict,
            sentence=said,
        )
        for test, p, verdict, said in (
            ("difference_between_groups", 0.5, "cannot say", "Groups are alike."),
            ("placebo_date", 0.01, "against", "A date before has an effect."),
        )
    ]
    finding = TownFindingRow(
        **TOWNS,
        claim="B1",
        part="sales",
        finding_order=1,
        claimed="Sellers sold 32.1 % more.",
        published=0.2784,
        published_percent=32.1,
        answered_by="synthetic_did, all towns, never, mean_log_sales, att",
        scale="log points",
        estimate=0.25,
        low=0.15,
        high=0.35,
        detectable=0.14,
        effective_treated=8.5,
        effective_controls=30.0,
        against="placebo date",
        robust_low=None,
        robust_high=None,
        breakdown=None,
        truth=None,
        truth_is_inside=None,
        verdict="cannot say",
        sentence="Cannot say, because a placebo date speaks against it.",
    )
    file = TownFileRow(
        dataset="towns_made_here",
        file="seller.csv",
        contract="seller",
        sha256="ab",
        bytes=9,
        rows=7,
    )
    dataset = pd.DataFrame(
        [{"dataset": "towns_made_here", "title": "Towns", "publisher": "this test"}]
    )
    return {
        TownEstimateRow.table: as_frame(TownEstimateRow, [estimate]),
        TownEvidenceRow.table: as_frame(TownEvidenceRow, tests),
        TownFindingRow.table: as_frame(TownFindingRow, [finding]),
        TownFileRow.table: as_frame(TownFileRow, [file]),
        TownDatasetRow.table: dataset,
    }


def asked(home: Home, *words: str) -> int:
    parser = argparse.ArgumentParser()
    assert COMMAND.arguments is not None
    COMMAND.arguments(parser)
    return COMMAND.run(home, parser.parse_args(words))


@cache
def cells(file: str) -> list[list[str]]:
    with (LANDING / file).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


@pytest.mark.parametrize(
    ("study", "part", "n", "figures"),
    [
        # 31 provinces by 9 years: sales, product, rural income, output of agriculture, two
        # populations each
        (STUDY, "income", 279, 6 * 279),
        # 22 provinces by 4 years, of which a figure less (no income) each, and the counts of five
        # years, 2015 (the list) to 2019
        (POOR_COUNTIES, "exit of poor counties", 88, 5 * 88 + 22 * 5),
        # 31 provinces by 2 years, with a class or a number each
        (POVERTY_CLASSES, "poverty incidence by class", 62, 5 * 62 + 62),
    ],
)
def test_every_figure_behind_a_verdict_stands_in_its_cell(
    home: Home, capsys: pytest.CaptureFixture[str], study: str, part: str, n: int, figures: int
) -> None:
    assert asked(home, "A7", "--study", study, "--part", part, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    (claim,) = told["claims"]
    assert (claim["n"], claim["study"], claim["part"]) == (n, study, part)
    assert claim["low"] < claim["estimate"] < claim["high"]
    assert claim["needs"]
    assert told["tests"]
    assert len(told["figures"]) == figures
    for each in told["figures"]:
        letters, row = re.fullmatch(r"([A-Z]+)([0-9]+)", each["cell"]).groups()
        column = 0
        for letter in letters:
            column = 26 * column + ord(letter) - ord("A") + 1
        assert cells(each["file"])[int(row) - 1][column - 1] == each["printed_value"]


def test_a_verdict_is_short_first_and_all_after(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    of = ("A7", "--study", STUDY, "--part", "Income")
    assert asked(home, *of) == 0
    short = capsys.readouterr().out
    assert len(short.splitlines()) < 60
    assert (
        "  method   two_way (clustered): log_rural_income on log_eg, log_gross_output, log_im"
        in short
    )
    assert "1674 printed figures in 2 documents" in short
    assert asked(home, *of, "--all") == 0
    every = capsys.readouterr().out
    # 553.5 of 100 million yuan: Gansu's sales of 2019, the 29th province, the 6th year
    assert "enterprise_ecommerce_sales 2019 CN-GS = 553.5 100m_cny" in every
    assert "nbs_province_ecommerce/2026/ecommerce.csv, table 1, cell G32\n" in every


def test_a_claim_in_several_studies_is_a_list(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(home, "a7") == 0
    told = capsys.readouterr().out
    assert told.startswith("A7 stands for several results:\n")
    assert f"  {POVERTY_CLASSES}, part “poverty incidence by class”: " in told
    assert told.count(": cannot say\n") == 6


def test_a_verdict_on_towns_has_its_tests_and_files(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(home, "B1") == 0
    told = capsys.readouterr().out
    assert "  verdict  cannot say. SIMULATED data.\n" in told
    assert "  sample   all towns: 40 towns\n" in told
    assert "parallel to a weighted average" in told
    assert told.index("placebo_date") < told.index("difference_between_groups")
    assert re.search(r"seller\.csv +seller +7 +ab", told)
