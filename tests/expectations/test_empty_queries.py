"""Queries that must be empty: each found empty on sound rows and tripped by one bad row alone."""

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest

from assets.extracts.document_rows import ObservationRow, QuarantineRow
from assets.papers.audit.audit_rows import AuditFindingRow
from assets.poverty.fits.fit_rows import FitRow
from assets.poverty.study_files.study_rows import StudySampleRow
from assets.towns.study.result_rows import TownEvidenceRow, TownFindingRow
from assets.vintages.failures import FailureRow
from assets.vintages.vintage_rows import VintageRow
from assets.warehouse.connection import kept_open
from assets.warehouse.home import Home
from assets.warehouse.resource import Warehouse
from assets.warehouse.store import Store
from assets.warehouse.tables.table import Column, Table
from orchestration.checks.empty_queries import (
    CheckFileError,
    empty_query_check,
    load_empty_queries,
    load_empty_query,
)
from orchestration.checks.failing_rows import told_rows

QUERIES = {query.path.stem: query for query in load_empty_queries()}
BEFORE, NOW = "0001-aaaaaaaa", "0002-bbbbbbbb"

Row = Mapping[str, object]


def of_model(name: str, *columns: str) -> Table:
    """What a check asks of a table that a SQL model fills: these columns, all counts."""
    return Table(name, "", tuple(Column(each, "BIGINT", "", True) for each in columns), ())


POOR_COUNTY = of_model(
    "provinces.poor_county",
    "reference_year",
    "region",
    "remaining",
    "at_risk",
    "listed",
    "left_list",
)
POOR_COUNTY_SUM = of_model(
    "provinces.poor_county_sum", "reference_year", "sum_of_provinces", "nation", "gap"
)
NATIONAL_SUM = Table(
    "provinces.national_sum",
    "",
    tuple(
        Column(name, kind, "", True)
        for name, kind in (
            *(("indicator", "VARCHAR"), ("reference_year", "BIGINT")),
            *((name, "DOUBLE") for name in ("sum_of_provinces", "nation", "gap", "gap_pct")),
            *((name, "BIGINT") for name in ("provinces_edition", "nation_edition")),
        )
    ),
    (),
)
INTERVAL_PRINT = Table(
    "staging.interval_print",
    "",
    tuple(
        Column(name, kind, "", True)
        for name, kind in (
            *((name, "VARCHAR") for name in ("region", "indicator", "definition", "printed_value")),
            *(("reference_year", "BIGINT"), ("low", "DOUBLE"), ("high", "DOUBLE")),
            ("source", "VARCHAR"),
        )
    ),
    (),
)
SUMMED = {"reference_year": 2020, "provinces_edition": 2026, "nation_edition": 2026}
# As if provinces counted the armed forces.
URBAN_WITH_FORCES = {
    "indicator": "urban_population",
    "reference_year": 2020,
    "sum_of_provinces": 90218,
    "nation": 90220,
    "gap": -2,
    "gap_pct": -0.002,
    "provinces_edition": 2026,
    "nation_edition": 2026,
}
_RATE = {"region": "CN-YN", "indicator": "poverty_incidence", "definition": "own"}
# Sound rows that come near to failing: what an older vintage found is told no more.
SOUND: dict[Table, tuple[Row, ...]] = {
    VintageRow.table: ({"vintage": BEFORE}, {"vintage": NOW}),
    StudySampleRow.table: (
        {"study": "one", "region": "CN-GS"},
        {"study": "two", "region": "CN-GS"},
        {"study": "two", "region": "CN-SN"},
    ),
    FitRow.table: (
        {"vintage": BEFORE, "study": "one", "status": "failed"},
        {"vintage": NOW, "study": "one", "status": "refused"},
        {"vintage": NOW, "study": "two", "status": "fitted"},
    ),
    AuditFindingRow.table: (
        {"vintage": BEFORE, "verdict": "inconsistent"},
        {"vintage": NOW, "verdict": "consistent"},
        {"vintage": NOW, "verdict": "not_determinable", "cell": "B3"},
    ),
    TownFindingRow.table: (
        {"vintage": BEFORE, "truth_is_inside": False},
        {"vintage": NOW, "truth_is_inside": True},
        {"vintage": NOW, "truth_is_inside": None, "claim": "B2"},  # no simulation, no truth
    ),
    TownEvidenceRow.table: (
        {"vintage": BEFORE, "verdict": "against"},
        {"vintage": NOW, "verdict": "for"},
    ),
    FailureRow.table: (
        {"vintage": BEFORE, "status": "failed"},
        {"vintage": NOW, "status": "refused"},
    ),
    QuarantineRow.table: (),
    POOR_COUNTY: (
        {"reference_year": 2015, "remaining": 8, "listed": 8},
        {"reference_year": 2016, "remaining": 8, "listed": 8, "at_risk": 8, "left_list": 0},
        {"reference_year": 2017, "remaining": 0, "listed": 8, "at_risk": 8, "left_list": 8},
    ),
    ObservationRow.table: (
        {**_RATE, "reference_year": 2018, "value": 6.04, "half_unit": 0.05},
        {**_RATE, "reference_year": 2019, "value": 99, "half_unit": 0.05},
    ),
    INTERVAL_PRINT: (
        {**_RATE, "reference_year": 2018, "low": 3, "high": 6},
        {**_RATE, "reference_year": 2017, "low": 3, "high": 6},  # of which no number is printed
        {**_RATE, "reference_year": 2019, "low": 10},
    ),
    NATIONAL_SUM: (
        {**SUMMED, "indicator": "agriculture_gross_output", "gap": -0.16},
        {**SUMMED, "indicator": "rural_population", "gap": -16},
        {**SUMMED, "indicator": "urban_population", "gap": -246},
        {**SUMMED, "indicator": "population_year_end", "gap": -184},
        {**SUMMED, "indicator": "gross_product", "gap": -9999, "gap_pct": -0.99},
        {**SUMMED, "indicator": "primary_industry_value_added", "gap": 24},
        # A census lies between the two.
        {**SUMMED, "nation_edition": 2024, "indicator": "gross_product", "gap_pct": 1.7},
        {**SUMMED, "nation_edition": 2024, "indicator": "population_year_end", "gap": -1000},
    ),
    POOR_COUNTY_SUM: (
        {"reference_year": 2015, "sum_of_provinces": 832, "nation": 832, "gap": 0},
        {"reference_year": 2016, "sum_of_provinces": 804},  # the nation's is not printed
        {"reference_year": 2018, "sum_of_provinces": 397, "nation": 396, "gap": 1},
        {"reference_year": 2020, "sum_of_provinces": 0, "nation": 0, "gap": 0},
    ),
}
# For each check, rows that trip it and no other; what it then shows, and what it says.
CORRUPTED: dict[str, tuple[Table, Row, Row, str]] = {
    "every_sample_is_fitted": (
        FitRow.table,
        {"vintage": NOW, "study": "one", "status": "failed", "reason": "singular", "sample": "b"},
        {"study": "one", "region": "", "sample": "b", "status": "failed", "reason": "singular"},
        "1 sample without a fit; the others have theirs.",
    ),
    "papers_do_not_contradict_themselves": (
        AuditFindingRow.table,
        {"vintage": NOW, "verdict": "inconsistent", "cell": "B4", "printed_value": "0.15**"},
        {"source": "", "table": "", "cell": "B4", "rule": "", "printed": "0.15**", "expected": "",
         "consequence": ""},
        "1 contradiction in printed tables; see `yearbook audit`.",
    ),
    "planted_truths_are_recovered": (
        TownFindingRow.table,
        {"vintage": NOW, "truth_is_inside": False, "claim": "B3", "sentence": "Outside."},
        {"dataset": "", "claim": "B3", "part": "", "sentence": "Outside."},
        "1 planted truth lies outside the interval of the estimate.",
    ),
    "nothing_speaks_against_an_assumption": (
        TownEvidenceRow.table,
        {"vintage": NOW, "verdict": "against", "test": "pretrend", "sentence": "They differ."},
        {"dataset": "", "estimator": "", "sample": "", "test": "pretrend",
         "sentence": "They differ."},
        "1 test speaks against what an estimator needs.",
    ),
    "nothing_failed": (
        FailureRow.table,
        {"vintage": NOW, "status": "failed", "failure_order": 2, "entry": "B3 lasted",
         "reason": "KeyError: 'long_run'"},
        {"gap_in": "", "subject": "", "entry": "B3 lasted", "reason": "KeyError: 'long_run'"},
        "1 entry failed; the log has the tracebacks, and all else is published.",
    ),
    "no_document_in_quarantine": (
        QuarantineRow.table,
        {"source": "gansu", "edition": "2019", "message": "D14 is no number."},
        {"source": "gansu", "edition": "2019", "message": "D14 is no number."},
        "1 document refused; their old figures stand.",
    ),
    "no_dataset_in_quarantine": (
        QuarantineRow.table,
        {"source": "towns", "edition": "small", "message": "Row 7 has no town."},
        {"dataset": "small", "message": "Row 7 has no town."},
        "1 data set refused; their old records stand.",
    ),
    "no_replication_in_quarantine": (
        QuarantineRow.table,
        {"source": "replications", "edition": "small", "message": "line 2: 'n.s.' is no number."},
        {"replication": "small", "message": "line 2: 'n.s.' is no number."},
        "1 published study refused; what they said before stands.",
    ),
    "points_lie_in_their_classes": (
        ObservationRow.table,
        {**_RATE, "reference_year": 2017, "value": 6.1, "half_unit": 0.05, "printed_value": "6.1"},
        {"region": "CN-YN", "indicator": "poverty_incidence", "reference_year": 2017,
         "number_printed": "6.1", "number_source": "", "class_printed": None,
         "class_source": None},
        "1 printed number lies outside the class that another document prints.",
    ),
    "poor_counties_never_return": (
        POOR_COUNTY,
        {"region": 62, "reference_year": 2018, "remaining": 5, "at_risk": 4, "left_list": -1,
         "listed": 8},
        {"region": 62, "reference_year": 2018, "remaining": 5, "at_risk": 4, "listed": 8},
        "1 count of poor counties where they rise; a figure is wrong, or two sources are mixed.",
    ),
    "provinces_add_up": (
        NATIONAL_SUM,
        URBAN_WITH_FORCES,
        URBAN_WITH_FORCES,
        "1 sum over provinces lies further from the nation's figure than right.",
    ),
    "poor_counties_add_up": (
        POOR_COUNTY_SUM,
        {"reference_year": 2017, "sum_of_provinces": 677, "nation": 679, "gap": -2},
        {"reference_year": 2017, "sum_of_provinces": 677, "nation": 679, "gap": -2},
        "1 year in which the poor counties of provinces are not the nation's.",
    ),
}  # fmt: skip
PLAIN = {"VARCHAR": "", "TIMESTAMP": datetime(2026, 11, 22), "BOOLEAN": False}


def whole(table: Table, given: Row) -> Row:
    """A row of the table: what is not given is empty, or nothing where that is allowed."""
    return {
        c.name: given.get(c.name, None if c.nullable else PLAIN.get(c.type, 0))
        for c in table.columns
    }


def write(store: Store, rows: Mapping[Table, Sequence[Row]]) -> None:
    with store.transaction() as writes:
        for table, given in rows.items():
            columns = [column.name for column in table.columns]
            frame = pd.DataFrame([whole(table, row) for row in given], columns=columns)
            writes.replace(table, frame, allow_empty=True)


@pytest.fixture(scope="module")
def sound_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with the sound rows."""
    path = tmp_path_factory.mktemp("sound") / "working.duckdb"
    write(Store(path), SOUND)
    return path


@pytest.fixture
def found(sound_file: Path, tmp_path: Path) -> Callable[..., dict[str, pd.DataFrame]]:
    """The rows of each check on the sound rows and those given beside them."""

    def ask(table: Table | None = None, *rows: Row) -> dict[str, pd.DataFrame]:
        store = Store(tmp_path / "working.duckdb")
        shutil.copyfile(sound_file, store.path)
        with kept_open():
            if table is not None:
                write(store, {table: (*SOUND[table], *rows)})
            return {
                name: store.frame(query.sql, {"vintage": NOW} if "$vintage" in query.sql else None)
                for name, query in QUERIES.items()
            }

    return ask


def test_every_check_has_a_corrupted_row_and_no_row_is_an_orphan() -> None:
    assert set(QUERIES) == set(CORRUPTED)


def test_sound_rows_trip_none(found: Any) -> None:
    assert {name for name, rows in found().items() if len(rows)} == set()


@pytest.mark.parametrize("name", CORRUPTED)
def test_a_corrupted_row_trips_that_check_only(found: Any, name: str) -> None:
    table, row, shown, said = CORRUPTED[name]
    rows = found(table, row)
    assert [one for one, failing in rows.items() if len(failing)] == [name]
    assert rows[name].to_dict("records") == [shown]
    result = QUERIES[name].result(rows[name])
    assert (result.passed, result.description) == (False, said)
    both = QUERIES[name].result(pd.concat([rows[name]] * 2))
    assert both.description != said.replace("1 ", "2 ", 1)  # the words are in the plural
    assert both.description.startswith("2 ")
    (record,) = result.metadata["first_rows"].value.records
    assert record.data == {column: str(value) for column, value in shown.items()}
    (line,) = str(result.metadata["failing_rows"].value).splitlines()[2:]
    assert line == "| " + " | ".join(str(value) for value in shown.values()) + " |"


def test_a_region_refused_among_fitted_ones_trips_its_check(found: Any) -> None:
    row = {"vintage": NOW, "study": "two", "status": "refused", "region": "CN-SN"}
    rows = found(FitRow.table, row)
    assert [one for one, failing in rows.items() if len(failing)] == ["every_sample_is_fitted"]


def test_no_county_may_be_missing_in_the_first_and_the_last_year(found: Any) -> None:
    row = {"reference_year": 2021, "sum_of_provinces": 1, "nation": 0, "gap": 1}
    assert len(found(POOR_COUNTY_SUM, row)["poor_counties_add_up"]) == 1


@pytest.mark.parametrize(
    ("indicator", "gap", "gap_pct"),
    [
        ("agriculture_gross_output", 0.2, 0.0),
        ("rural_population", 17, 0.0),
        ("urban_population", -250, -0.3),
        ("population_year_end", -3, 0.0),
        ("gross_product", -11_000, -1.1),
    ],
)
def test_each_sum_over_provinces_has_a_difference_of_its_own(
    found: Any, indicator: str, gap: float, gap_pct: float
) -> None:
    row = {**SUMMED, "indicator": indicator, "gap": gap, "gap_pct": gap_pct}
    assert len(found(NATIONAL_SUM, row)["provinces_add_up"]) == 1


@pytest.mark.parametrize("name", QUERIES)
def test_a_check_says_what_it_checks_and_what_it_found(name: str) -> None:
    query = QUERIES[name]
    assert "hether " in query.description  # "Whether …" or "Of …, whether …"
    assert query.result(pd.DataFrame({"message": []})).description == "Nothing found."
    found = query.result(pd.DataFrame({"message": ["one", "two"]})).description
    assert re.fullmatch(r"2 [^{|}]+", found)


def test_severity_and_who_tells_of_the_rows() -> None:
    one = pd.DataFrame({"message": ["wrong | here\nand there"]})
    errors = {
        name for name, query in QUERIES.items() if query.result(one).severity.value == "ERROR"
    }
    assert errors == {
        "no_document_in_quarantine",
        "no_dataset_in_quarantine",
        "no_replication_in_quarantine",
    }
    told = {name for name, query in QUERIES.items() if told_rows(query.result(one).metadata)}
    assert told == set(QUERIES) - errors - {"papers_do_not_contradict_themselves"}
    shown = QUERIES["every_sample_is_fitted"].result(one).metadata["failing_rows"].value
    assert shown == "| message |\n| --- |\n| wrong \\| here and there |"


HEADER = (
    "-- Nothing is negative.\n-- Check on: raw.thing\n-- Grain: one row per negative thing.\n"
    "-- Severity: warning\n-- Message: {rows} negative {thing|things}.\n"
)
SQL = "select * from raw.thing where value < 0 and vintage = $vintage\n"


def check_file(folder: Path, header: str) -> Path:
    path = folder / "nothing_is_negative.sql"
    path.write_text(header + SQL, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("line", "instead", "said"),
    [
        ("-- Check on: raw.thing\n", "", "has no line `-- Check on: schema.table`; add it"),
        ("-- Grain: one row per negative thing.\n", "", "no line `-- Grain: one row per …`; add"),
        (
            "-- Severity: warning\n",
            "",
            "no line `-- Severity: warning (or error, or error that",
        ),
        (
            "-- Message: {rows} negative {thing|things}.\n",
            "",
            "no line `-- Message: {rows} {row|rows} that",
        ),
        ("-- Nothing is negative.\n", "", "has no line that says what must hold; add one"),
        ("raw.thing", "thing", "says `-- Check on: thing`. Expected `-- Check on: schema.table`"),
        ("warning", "critical", "Expected `-- Severity: warning (or error, or error that blocks)`"),
        ("{rows}", "some", "Expected `-- Message: {rows} {row|rows} that …`"),
    ],
)
def test_a_bad_header_is_refused(tmp_path: Path, line: str, instead: str, said: str) -> None:
    path = check_file(tmp_path, HEADER.replace(line, instead))
    with pytest.raises(CheckFileError) as caught:
        load_empty_query(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert said in str(caught.value)


def test_the_header_on_the_page_is_one(tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "new_check.md"
    text = page.read_text(encoding="utf-8")
    path = tmp_path / "on_the_page.sql"
    example = text.split("```\n-- ")[1].split("```")[0]
    path.write_text(f"-- {example}", encoding="utf-8")
    assert load_empty_query(path).severity == "error that blocks"


@pytest.mark.parametrize("severity", ["warning", "error", "error that blocks"])
@pytest.mark.parametrize("value", [1, -1])
def test_a_check_hangs_on_its_asset_and_blocks_where_it_says_so(
    tmp_path: Path, severity: str, value: int
) -> None:
    home = Home(tmp_path).prepare()
    store = Store(home.working)
    vintages = pd.DataFrame([whole(VintageRow.table, {"vintage": NOW})])
    store.replace(VintageRow.table, vintages)
    with store.transaction() as writes:
        writes.create_as("raw.thing", f"select {value} as value, '{NOW}' as vintage", "", {})
    query = load_empty_query(check_file(tmp_path, HEADER.replace("warning", severity)))
    ran = []

    @dg.asset(key=["raw", "thing"])
    def guarded() -> None:
        ran.append("guarded")

    @dg.asset(deps=[guarded])
    def after() -> None:
        ran.append("after")

    result = dg.materialize(
        [guarded, after, empty_query_check(query)],
        resources={"warehouse": Warehouse(root=str(home.root))},
        raise_on_error=False,
    )
    (evaluation,) = result.get_asset_check_evaluations()
    assert (evaluation.check_name, evaluation.passed) == ("nothing_is_negative", value > 0)
    assert evaluation.severity.value == ("WARN" if severity == "warning" else "ERROR")
    stops = value < 0 and severity == "error that blocks"
    assert ran == (["guarded"] if stops else ["guarded", "after"])
