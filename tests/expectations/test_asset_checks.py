"""The suites as Dagster asset checks: what blocks, what is shown, what is an error."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest

from assets.warehouse.store import Store
from orchestration.checks import judging_process
from orchestration.checks.suite_checks import (
    ROWS_SHOWN,
    as_check_result,
    build_checks,
    failures_markdown,
)
from orchestration.checks.suite_file import Suite, load_suite
from orchestration.checks.suite_run import SuiteResult, run_suite

KEYS = {
    "raw_observation": ["raw", "observation"],
    "indices_index_value": ["indices", "index_value"],
    "indices_model_input": ["indices", "model_input"],
    "aedi_is_half_im_half_cei": ["indices", "index_value"],
    "incidence_times_persons": ["raw", "observation"],
    "nothing_lost": ["raw", "observation"],
}


class FakeWarehouse(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Gives the same rows whatever is asked, and keeps what passed in a file of its own."""

    rows: str
    kept_in: str
    full: bool = False

    @property
    def store(self) -> Store:
        return Store(Path(self.kept_in))

    def once(self, find: Callable[[], str]) -> str:
        return find()

    def frame(self, sql: str) -> pd.DataFrame:
        return pd.DataFrame(json.loads(self.rows))

    def published_frame(self, sql: str) -> pd.DataFrame | None:
        return None


def small_suites(repository: Path, folder: Path, name: str) -> Path:
    """A folder with one suite and its SQL."""
    (folder / "expectations").mkdir()
    shutil.copy(repository / "expectations" / f"{name}.json", folder / "expectations")
    shutil.copytree(repository / "sql" / "frames", folder / "sql" / "frames")
    return folder / "expectations"


def example(repository: Path, name: str) -> list[dict[str, Any]]:
    path = repository / "expectations" / "corrupted" / f"{name}.json"
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["clean"]
    return rows


def run(
    suites: Path, table: str, rows: list[dict[str, Any]], full: bool = False
) -> tuple[Any, list[str]]:
    """Materialize the guarded asset, its checks, and an asset after it."""
    ran: list[str] = []

    @dg.asset(key=dg.AssetKey(table.split(".")))
    def guarded() -> None:
        ran.append("guarded")

    @dg.asset(deps=[guarded])
    def after() -> None:
        ran.append("after")

    result = dg.materialize(
        [guarded, after, *build_checks(suites)],
        resources={
            "warehouse": FakeWarehouse(
                rows=json.dumps(rows), kept_in=str(suites.parent / "working.duckdb"), full=full
            )
        },
        raise_on_error=False,
    )
    return result, ran


def evaluations(result: Any) -> dict[str, Any]:
    return {found.check_name: found for found in result.get_asset_check_evaluations()}


def test_one_check_per_suite_and_severity_hangs_on_its_asset(suites_dir: Path) -> None:
    specs = {spec.name: spec for check in build_checks(suites_dir) for spec in check.check_specs}
    for suite, key in KEYS.items():
        assert specs[f"{suite}_critical"].asset_key == dg.AssetKey(key)
    assert all(spec.blocking == name.endswith("_critical") for name, spec in specs.items())
    assert {name.rsplit("_", 1)[1] for name in specs} == {"critical", "warning"}
    assert "conflicting_print_warning" in specs
    assert "conflicting_print_critical" not in specs
    told = str(specs["raw_observation_critical"].description)
    assert told.startswith("Whether the rows of raw.observation keep these rules (raw_observation.")
    assert "**key_unique**" in told
    told = str(specs["conflicting_print_warning"].description)
    assert told.startswith("What is checked of raw.observation (conflicting_print.json):\n\n- **")


def test_clean_rows_pass_both_checks(repository: Path, tmp_path: Path) -> None:
    suites = small_suites(repository, tmp_path, "raw_observation")
    result, ran = run(suites, "raw.observation", example(repository, "raw_observation"))
    assert result.success
    assert ran == ["guarded", "after"]
    found = evaluations(result)
    assert {name: check.passed for name, check in found.items()} == {
        "raw_observation_critical": True,
        "raw_observation_warning": True,
    }
    assert found["raw_observation_critical"].metadata["rows"].value == 7


def test_a_failed_critical_suite_blocks_and_shows_the_rows(
    repository: Path, tmp_path: Path
) -> None:
    rows = example(repository, "raw_observation")
    rows[0]["unit"] = "亿元"
    suites = small_suites(repository, tmp_path, "raw_observation")
    result, ran = run(suites, "raw.observation", rows)
    assert not result.success
    assert ran == ["guarded"]
    found = evaluations(result)["raw_observation_critical"]
    assert not found.passed
    assert found.severity == dg.AssetCheckSeverity.ERROR
    assert list(found.metadata["failed"].value) == ["unit_canonical"]
    assert str(found.metadata["suite"].value).endswith("expectations/raw_observation.json")
    (record,) = found.metadata["unit_canonical"].value.records  # what Dagster shows at once
    assert (record.data["cell"], record.data["unit"]) == ("D14", "亿元")
    shown = found.metadata["failing_rows"].value
    assert "nbs_regional_accounts/2018/gdp.csv" in shown
    assert "| D14 | 6790.32 | 亿元 |" in shown
    assert "E14" not in shown


def test_only_what_changed_is_judged_again(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[str] = []

    def judge(suite: Suite, frame: pd.DataFrame) -> SuiteResult:
        judged.append(f"{suite.name} {suite.expectations[0].severity}")
        return run_suite(suite, frame)

    def judges(rows: list[dict[str, Any]], full: bool = False) -> tuple[list[str], dict[str, Any]]:
        judged.clear()
        result, _ = run(suites, "raw.observation", rows, full)
        return list(judged), evaluations(result)

    monkeypatch.setattr(judging_process, "run_suite", judge)
    rows = example(repository, "raw_observation")
    suites = small_suites(repository, tmp_path, "raw_observation")
    both = ["raw_observation critical", "raw_observation warning"]
    asked, first = judges(rows)
    assert sorted(asked) == both
    asked, again = judges(rows)
    assert asked == []
    for name, check in first.items():
        assert again[name].passed
        assert again[name].metadata == check.metadata
        assert again[name].description == check.description
    assert sorted(judges(rows, full=True)[0]) == both
    rows[0]["reference_year"] = 1952  # a warning: it is judged and shown each time
    assert sorted(judges(rows)[0]) == both
    asked, found = judges(rows)
    assert asked == ["raw_observation warning"]
    assert "1952" in found["raw_observation_warning"].metadata["failing_rows"].value
    path = suites / "raw_observation.json"
    path.write_text(path.read_text("utf-8").replace('"why": "', '"why": "Since ', 1), "utf-8")
    assert "raw_observation critical" in judges(rows)[0]


def test_a_failed_warning_does_not_block(repository: Path, tmp_path: Path) -> None:
    rows = example(repository, "raw_observation")
    rows[0]["reference_year"] = 1952
    suites = small_suites(repository, tmp_path, "raw_observation")
    result, ran = run(suites, "raw.observation", rows)
    assert result.success
    assert ran == ["guarded", "after"]
    found = evaluations(result)
    assert found["raw_observation_critical"].passed
    assert not found["raw_observation_warning"].passed
    assert found["raw_observation_warning"].severity == dg.AssetCheckSeverity.WARN


def test_an_exception_in_a_check_is_an_error(repository: Path, tmp_path: Path) -> None:
    rows = example(repository, "raw_observation")
    for row in rows:
        del row["cell"]
    suites = small_suites(repository, tmp_path, "raw_observation")
    result, ran = run(suites, "raw.observation", rows)
    assert not result.success
    assert ran == ["guarded"]
    assert "raw_observation_critical" not in evaluations(result)  # no verdict
    errors = [str(e.event_specific_data.error) for e in result.get_step_failure_events()]
    assert any("CheckError" in error and "cell_present" in error for error in errors)


def test_before_the_first_publication_nothing_can_be_lost(repository: Path, tmp_path: Path) -> None:
    rows = example(repository, "nothing_lost")
    suites = small_suites(repository, tmp_path, "nothing_lost")
    result, _ = run(suites, "raw.observation", rows)
    assert result.success
    assert evaluations(result)["nothing_lost_critical"].metadata["rows"].value == 0


def test_only_the_first_rows_are_shown(repository: Path) -> None:
    suite = load_suite(repository / "expectations" / "conflicting_print.json")
    (row, *_) = example(repository, "conflicting_print")
    frame = pd.DataFrame([{**row, "source": "a|b", "gap_share": 0.5}] * 23)
    result = run_suite(suite, frame)
    shown = failures_markdown(result)
    assert shown.count("| CN |") == ROWS_SHOWN == 20
    assert shown.endswith("and 3 more rows")
    assert "a\\|b" in shown
    said = str(as_check_result(result, "warning").description)
    assert said.startswith(
        "1 of 1 expectation not met: sources_agree (23 of 23 rows): Whether two sources print the "
        "same of one figure: "
    )
    assert said.endswith("in editions of the same year.")


def test_an_empty_table_is_reported_without_rows(repository: Path) -> None:
    suite = load_suite(repository / "expectations" / "indices_model_input.json")
    frame = pd.DataFrame(example(repository, "indices_model_input")).iloc[:0]
    shown = failures_markdown(run_suite(suite, frame))
    assert shown.startswith("**not_empty**")
    assert shown.endswith("(found 0)")


def test_building_checks_imports_no_heavy_library(repository: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from orchestration.checks.suite_checks import build_checks\n"
        "assert build_checks(Path('expectations'))\n"
        "print(sorted({'great_expectations', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=repository,
        check=True,
        timeout=60,
        stdout=subprocess.PIPE,
    )
    assert done.stdout == b"[]\n"


@pytest.mark.parametrize("left", ["pyspark/work/app-1", "pyspark/sql/__pycache__"])
def test_what_a_removed_pyspark_left_behind_does_not_stop_the_checks(
    tmp_path: Path, left: str
) -> None:
    """Spark's workers write into the package's folder, which so outlives the package."""
    (tmp_path / left).mkdir(parents=True)
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from orchestration.checks.suite_run import frames_to_judge\n"
        "frames_to_judge()\n"
        "import pyspark; assert pyspark.__file__ is None, 'this test needs the namespace'\n"
    )
    repository = Path(__file__).parents[2]
    subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], cwd=repository, check=True, timeout=60
    )
