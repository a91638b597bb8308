"""Suites as Dagster asset checks, one per suite and severity.

Belongs here: the checks, and how a result is shown. Not here: judging (`suite_run.py`). Nothing
here imports great_expectations or pandas until a check runs.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets.extracts.document_rows import IntervalRow, ObservationRow
from assets.vintages.kept_results import code_digest
from assets.warehouse.tables.declared_asset import asset_key
from assets.warehouse.texts.counted import counted
from orchestration.checks.failing_rows import FAILING_ROWS, rows_markdown, rows_table
from orchestration.checks.judging_process import judged
from orchestration.checks.passed_before import has_passed, judged_frame, keep_passed
from orchestration.checks.suite_file import SEVERITIES, Severity, Suite, load_suites
from orchestration.checks.suite_frame import load_frame
from orchestration.checks.suite_run import Failure, SuiteResult

if TYPE_CHECKING:
    import pandas as pd

ROWS_SHOWN = 20
# What judges loads while the first documents are read. What waits for no figure goes before them.
_FIGURES = (ObservationRow.table.name, IntervalRow.table.name)
_AFTER_OTHERS = {"dagster/priority": "-1"}

_DAGSTER_SEVERITY: dict[Severity, dg.AssetCheckSeverity] = {
    "critical": dg.AssetCheckSeverity.ERROR,
    "warning": dg.AssetCheckSeverity.WARN,
}


def build_checks(suites_dir: Path) -> list[dg.AssetChecksDefinition]:
    """One asset check per suite and severity, named `<suite>_<severity>`.

    critical: blocking, shown as ERROR; warning: non-blocking, shown as WARN. The checks need a
    resource `warehouse` with the methods of `suite_frame.Warehouse`. Raises SuiteError.
    """
    return [
        _build_check(suite.only(severity), severity)
        for suite in load_suites(suites_dir)
        for severity in SEVERITIES
        if suite.only(severity).expectations
    ]


def _build_check(suite: Suite, severity: Severity) -> dg.AssetChecksDefinition:
    subject = (
        f"Whether the rows of {suite.table} keep these rules"
        if suite.about == "table"
        else f"What is checked of {suite.table}"
    )
    lines = [f"- **{expectation.id}**: {expectation.why}" for expectation in suite.expectations]

    @dg.asset_check(
        asset=asset_key(suite.table),
        name=f"{suite.name}_{severity}",
        blocking=severity == "critical",
        description="\n".join([f"{subject} ({suite.path.name}):", "", *lines]),
        required_resource_keys={"warehouse"},
        op_tags=_AFTER_OTHERS if suite.table in _FIGURES else None,
        metadata={"suite": dg.MetadataValue.path(suite.path)},
    )
    def check(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
        warehouse = context.resources.warehouse
        frame = load_frame(suite, warehouse)
        code_sha256 = warehouse.once(code_digest)
        candidate = judged_frame(f"{suite.name}_{severity}", code_sha256, suite, frame)
        if not warehouse.full and has_passed(warehouse.store, candidate):
            result = SuiteResult(suite, len(frame), len(suite.expectations), failures=())
        else:
            result = judged(suite, frame)
            if result.passed:
                keep_passed(warehouse.store, candidate)
        return as_check_result(result, severity)

    return check


def as_check_result(result: SuiteResult, severity: Severity) -> dg.AssetCheckResult:
    """Show a result in Dagster: counts, the reasons, the first failing rows, the suite file."""
    metadata: dict[str, Any] = {
        "rows": result.row_count,
        "expectations": result.evaluated,
        "suite": dg.MetadataValue.path(result.suite.path),
    }
    kept = counted(result.evaluated, "expectation")
    said = f"{kept} met by {counted(result.row_count, 'row')}."
    if result.failures:
        failed = " ".join(
            f"{f.expectation.id} ({f.observed}): {f.expectation.asked}" for f in result.failures
        )
        said = f"{len(result.failures)} of {kept} not met: {failed}"
        metadata |= {
            failure.expectation.id: rows_table(_shown(result, failure))
            for failure in result.failures
            if not failure.rows.empty
        }
        metadata["failed"] = dg.MetadataValue.json(
            {failure.expectation.id: failure.expectation.why for failure in result.failures}
        )
        metadata[FAILING_ROWS] = dg.MetadataValue.md(failures_markdown(result))
    return dg.AssetCheckResult(
        passed=result.passed,
        severity=_DAGSTER_SEVERITY[severity],
        description=said,
        metadata=metadata,
    )


def failures_markdown(result: SuiteResult) -> str:
    """Each failed expectation with its reason and a table of its first failing rows."""
    parts = []
    for failure in result.failures:
        expectation = failure.expectation
        parts.append(f"**{expectation.id}**: {expectation.why} ({failure.observed})")
        if not failure.rows.empty:
            parts.append(rows_markdown(_shown(result, failure), ROWS_SHOWN))
    return "\n\n".join(parts)


def _shown(result: SuiteResult, failure: Failure) -> "pd.DataFrame":
    """The failing rows with their key and what the expectation is about."""
    columns = dict.fromkeys((*result.suite.key_columns, *failure.expectation.columns))
    return failure.rows[list(columns)]
