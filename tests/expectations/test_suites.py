"""Every expectation has a corrupted example, and that example trips it and only it."""

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from orchestration.checks.suite_file import Suite, SuiteError, load_suite, load_suites
from orchestration.checks.suite_run import CheckError, run_suite

SUITES_DIR = Path(__file__).resolve().parents[2] / "expectations"
SUITES = {suite.name: suite for suite in load_suites(SUITES_DIR)}
EXAMPLES = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((SUITES_DIR / "corrupted").glob("*.json"))
}
WHOLE_TABLE = {"not_empty"}  # expectations that no single row can fail
ALONE = [
    (name, e.id)
    for name, suite in SUITES.items()
    for e in suite.expectations
    if e.id in WHOLE_TABLE or "column_list" in e.kwargs
]


def clean_frame(name: str) -> pd.DataFrame:
    return pd.DataFrame(EXAMPLES[name]["clean"])


def corrupted_frame(name: str, expectation_id: str) -> pd.DataFrame:
    rows: list[dict[str, Any]] = copy.deepcopy(EXAMPLES[name]["clean"])
    columns = list(rows[0])
    for step in EXAMPLES[name]["corrupted"][expectation_id]:
        (action, detail), *others = step.items()
        assert not others
        if action == "set":
            assert detail["column"] in columns
            rows[detail["row"]][detail["column"]] = detail["value"]
        elif action == "append":
            rows.append({**rows[detail["copy_of"]], **detail["with"]})
        elif action == "drop":
            rows = []
        else:
            pytest.fail(f"unknown step {action}")
    return pd.DataFrame(rows, columns=columns)


def test_every_expectation_has_an_example_and_no_example_is_an_orphan() -> None:
    assert {name: {e.id for e in suite.expectations} for name, suite in SUITES.items()} == {
        name: set(example["corrupted"]) for name, example in EXAMPLES.items()
    }


@pytest.mark.parametrize("name", [s.name for s in SUITES.values() if s.about == "identity"])
def test_an_identity_says_what_is_compared_and_not_that_it_holds(name: str) -> None:
    for expectation in SUITES[name].expectations:
        assert expectation.asked.startswith("Whether "), expectation.id
        assert expectation.asked.endswith("."), expectation.id


@pytest.mark.parametrize("name", sorted(SUITES))
def test_clean_rows_meet_every_expectation(name: str) -> None:
    result = run_suite(SUITES[name], clean_frame(name))
    assert result.failed_ids == ()
    assert result.passed
    assert (result.row_count, result.evaluated) == (
        len(clean_frame(name)),
        len(SUITES[name].expectations),
    )


def judged_within_a_case(suite: Suite) -> Suite:
    """The suite for a frame of many examples: what must be unique is so within its example."""
    expectations = tuple(
        replace(e, kwargs={**e.kwargs, "column_list": [*e.kwargs["column_list"], "case"]})
        if "column_list" in e.kwargs
        else e
        for e in suite.expectations
    )
    return replace(suite, expectations=expectations)


@pytest.mark.parametrize("name", sorted(SUITES))
def test_corrupted_rows_trip_that_expectation_only(name: str) -> None:
    # All examples of a suite in one frame: one run of Great Expectations instead of one each.
    row_cases = [id_ for id_ in EXAMPLES[name]["corrupted"] if id_ not in WHOLE_TABLE]
    frames = [corrupted_frame(name, id_).assign(case=id_) for id_ in row_cases]
    result = run_suite(judged_within_a_case(SUITES[name]), pd.concat(frames))
    tripped = {f.expectation.id: sorted(set(f.rows["case"])) for f in result.failures}
    assert tripped == {id_: [id_] for id_ in row_cases}


@pytest.mark.parametrize(("name", "expectation_id"), ALONE)
def test_corrupted_table_trips_that_expectation_only(name: str, expectation_id: str) -> None:
    # Emptied and doubled tables, each judged alone and by the suite as it stands.
    result = run_suite(SUITES[name], corrupted_frame(name, expectation_id))
    assert result.failed_ids == (expectation_id,)


def test_failing_rows_are_the_corrupted_ones() -> None:
    frame = corrupted_frame("raw_observation", "cell_shape")
    frame.index = pd.Index(range(100, 100 + len(frame)))  # a frame that was filtered before
    (failure,) = run_suite(SUITES["raw_observation"], frame).failures
    assert failure.rows["cell"].tolist() == ["R14C4"]
    assert failure.observed == f"1 of {len(frame)} rows"


def test_rows_chosen_by_a_condition_are_found_again() -> None:
    frame = corrupted_frame("indices_index_value", "eg_in_range")
    (failure,) = run_suite(SUITES["indices_index_value"], frame).failures
    assert failure.rows["index_id"].tolist() == ["EG"]


@pytest.mark.parametrize("severity", ["critical", "warning"])
def test_one_severity_can_be_run_alone(severity: str) -> None:
    suite = SUITES["indices_index_value"].only(severity)  # type: ignore[arg-type]
    assert {e.severity for e in suite.expectations} == {severity}
    failed = run_suite(suite, corrupted_frame("indices_index_value", "growth_not_zero")).failed_ids
    assert failed == (("growth_not_zero",) if severity == "warning" else ())


def test_a_missing_column_is_an_error_not_a_failed_expectation() -> None:
    frame = clean_frame("raw_observation").drop(columns="cell")
    with pytest.raises(CheckError, match=r"raw_observation\.json, expectation cell_present.*cell"):
        run_suite(SUITES["raw_observation"], frame)


def test_a_text_where_a_number_belongs_is_an_error() -> None:
    frame = clean_frame("product_per_head").astype({"gap_share": object})
    frame.loc[0, "gap_share"] = "0.01"
    with pytest.raises(CheckError, match="per_head_agrees"):
        run_suite(SUITES["product_per_head"], frame)


def broken_suite(folder: Path, **changes: Any) -> Path:
    entry = {
        "type": "expect_column_values_to_not_be_null",
        "kwargs": {"column": "value"},
        "severity": "critical",
        "meta": {"id": "value_present", "why": "A row has a value."},
    }
    document = {
        "name": "small",
        "meta": {"table": "raw.small", "about": "table", "sql": "select 1", "key_columns": ["k"]},
        "expectations": [entry],
        **changes,
    }
    path = folder / "expectations" / "small.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


META = {"table": "raw.small", "about": "table", "key_columns": ["k"]}
ENTRY = {"type": "t", "kwargs": {}, "severity": "critical", "meta": {"id": "a", "why": "b"}}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "other"}, "expected 'small'"),
        ({"meta": {**META, "sql": "select 1", "table": ""}}, "table missing"),
        ({"meta": META}, "either sql or sql_file"),
        ({"meta": {**META, "sql_file": "sql/frames/none.sql"}}, "no file sql/frames/none.sql"),
        ({"expectations": []}, "no expectations"),
        ({"expectations": [ENTRY, ENTRY]}, "same id twice: \\['a'\\]"),
        ({"expectations": [{**ENTRY, "meta": {"id": "a"}}]}, "expectation 1: why missing"),
        ({"expectations": [{**ENTRY, "severity": "fatal"}]}, "'fatal', expected one of critical"),
    ],
)
def test_a_suite_file_that_lacks_something_is_refused(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(SuiteError, match=message):
        load_suite(broken_suite(tmp_path, **changes))


def test_a_file_that_is_not_json_is_refused(tmp_path: Path) -> None:
    path = broken_suite(tmp_path)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(SuiteError, match=r"small\.json: not JSON"):
        load_suite(path)


def test_a_whole_suite_file_is_read(tmp_path: Path) -> None:
    suite = load_suite(broken_suite(tmp_path))
    assert (suite.table, suite.sql, suite.key_columns) == ("raw.small", "select 1", ("k",))
    assert suite.expectations[0].columns == ("value",)
