"""What is read from Dagster's files is what Dagster says of its runs and their checks."""

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from assets.release.report.run_checks import last_evaluations
from assets.warehouse.home import Home
from orchestration.runs.run_records import FailedCheck, evaluated_by, last_runs

# Per run, whether each check that it evaluates passes.
RUNS = (
    {"sound": False, "whole": True, "plain": False},
    {"sound": True, "whole": False},
    {"plain": False},
    {},
)


def run_with(outcomes: dict[str, bool], instance: dg.DagsterInstance, fails: bool) -> str:
    @dg.asset(key=["raw", "made"], check_specs=[
        dg.AssetCheckSpec(name, asset=["raw", "made"]) for name in outcomes
    ])  # fmt: skip
    def made():
        yield dg.MaterializeResult(
            check_results=[
                dg.AssetCheckResult(
                    check_name=name,
                    passed=passed,
                    severity=dg.AssetCheckSeverity.WARN,
                    description=f"{name} of {len(outcomes)}",
                )
                for name, passed in outcomes.items()
            ]
        )
        if fails:
            raise ValueError("after all")

    return dg.materialize([made], instance=instance, raise_on_error=False).run_id


def test_runs_and_checks_are_as_dagster_says_them(dagster_home: Home) -> None:
    home = dagster_home
    with dg.DagsterInstance.get() as instance:
        ids = [run_with(each, instance, fails=not each) for each in RUNS]
        said = [
            (record.dagster_run.run_id, record.dagster_run.job_name,
             record.dagster_run.status.value, record.end_time)
            for record in instance.get_run_records(limit=50)
        ]  # fmt: skip
        latest = last_evaluations(instance)
    runs = last_runs(home)
    assert [(run.run_id, run.job, run.status, run.ended_at) for run in runs] == said
    assert [run.run_id for run in runs] == ids[::-1]
    assert {run.status for run in runs} == {"SUCCESS", "FAILURE"}
    checks = evaluated_by(home, runs)
    assert checks.count == len(latest)
    assert checks.failed == tuple(
        FailedCheck(name, found.severity.value, found.description or "")
        for name, found in latest.items()
        if not found.passed
    )
    assert [check.name for check in checks.failed] == ["raw/made: plain", "raw/made: whole"]
    assert evaluated_by(home, runs[-1:]).failed[1].name == "raw/made: sound"  # of the first alone


def test_before_any_run_there_is_none(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert last_runs(home) == ()
    assert evaluated_by(home, ()).count == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("module", ["orchestration.refresh", "orchestration.alerts.look"])
def test_looking_loads_nothing_that_reads_or_runs(module: str, repository: Path) -> None:
    """`yearbook status`, a refresh without anything new and the alerts after it."""
    heavy = ("dagster", "pydantic", "pandas", "sqlglot", "pycountry")
    code = f"import sys, orchestration.landed, {module}; print(*set({heavy}) & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, timeout=60
    )
    assert (done.stdout, done.stderr) == ("\n", "")
