"""Great Expectations suites as Dagster asset checks.

Belongs here: reading a suite file, running it on a frame, and showing the result in Dagster, one
check per suite and severity. Not here: what is expected (`expectations/*.json`), the frames that
are not a plain table (`sql/frames/*.sql`), and how the database is opened (the `warehouse`
resource). Nothing here imports great_expectations or pandas until a check runs.
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args

import dagster as dg

from orchestration.checks.failing_rows import FAILING_ROWS, rows_markdown

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.data_context.data_context.ephemeral_data_context import (
        EphemeralDataContext,
    )

Severity = Literal["critical", "warning"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
ROWS_SHOWN = 20

_SUITE_META = {"table", "about", "key_columns"}
_EXPECTATION_META = {"id", "why"}


class SuiteError(ValueError):
    """A suite file that cannot be used as it stands."""


class CheckError(RuntimeError):
    """An expectation that could not be evaluated: an error, not a failed check."""


class Warehouse(Protocol):
    """What a check needs of the `warehouse` resource."""

    def frame(self, sql: str) -> "pd.DataFrame":
        """Rows of a SELECT on the working file."""
        ...

    def published_frame(self, sql: str) -> "pd.DataFrame | None":
        """Rows of a SELECT on the last published file; None before the first publication."""
        ...


@dataclass(frozen=True, slots=True)
class Expectation:
    """One expectation as written in the suite file."""

    id: str
    why: str
    severity: Severity
    type: str
    kwargs: Mapping[str, Any]

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns the expectation is about."""
        single = (self.kwargs.get(key) for key in ("column", "column_A", "column_B"))
        return (*filter(None, single), *self.kwargs.get("column_list", ()))


@dataclass(frozen=True, slots=True)
class Suite:
    """One file of `expectations/`: a guarded table, the frame it is judged on, what is expected."""

    name: str
    table: str  # schema.noun; the checks hang on the asset of the same key
    about: Literal["table", "identity"]
    sql: str  # one SELECT
    key_columns: tuple[str, ...]  # shown with every failing row
    compare_with_published: bool  # frame = published rows, `still_there` = in the working file
    excused_sql: str | None  # rows that may be gone, from the working file; null stands for any
    expectations: tuple[Expectation, ...]
    path: Path

    def only(self, severity: Severity) -> "Suite":
        """The same suite with the expectations of one severity."""
        chosen = tuple(e for e in self.expectations if e.severity == severity)
        return replace(self, expectations=chosen)


@dataclass(frozen=True, slots=True)
class Failure:
    """One expectation that was not met."""

    expectation: Expectation
    rows: "pd.DataFrame"  # all failing rows, whole; empty where the table as a whole fails
    observed: str  # what was found, in words


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """What one run of a suite found."""

    suite: Suite
    row_count: int
    evaluated: int
    failures: tuple[Failure, ...]  # in the order of the suite file

    @property
    def passed(self) -> bool:
        """True where every expectation was met."""
        return not self.failures

    @property
    def failed_ids(self) -> tuple[str, ...]:
        """Ids of the expectations that were not met."""
        return tuple(failure.expectation.id for failure in self.failures)


FrameLoader = Callable[[Suite, Warehouse], "pd.DataFrame"]


def load_suite(path: Path) -> Suite:
    """Read one suite file; `meta.sql_file` is looked up beside the folder of the suites.

    Raises SuiteError where the file is not JSON, or an id, a reason, a severity or the SQL is
    missing, doubled or unknown.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise SuiteError(f"{path.name}: not JSON ({error}). Correct the suite file.") from error
    if document.get("name") != path.stem:
        raise SuiteError(f"{path.name}: name is {document.get('name')!r}, expected {path.stem!r}.")
    meta = document.get("meta", {})
    _require(path, "meta", meta, _SUITE_META)
    return Suite(
        name=path.stem,
        table=meta["table"],
        about=meta["about"],
        sql=_sql(path, meta),
        key_columns=tuple(meta["key_columns"]),
        compare_with_published=bool(meta.get("compare_with_published", False)),
        excused_sql=_file(path, meta, "excused_sql_file") if "excused_sql_file" in meta else None,
        expectations=_expectations(path, document.get("expectations", [])),
        path=path,
    )


def load_suites(suites_dir: Path) -> tuple[Suite, ...]:
    """Read every `*.json` directly in the folder, by name. Raises SuiteError."""
    return tuple(load_suite(path) for path in sorted(suites_dir.glob("*.json")))


def run_suite(suite: Suite, frame: "pd.DataFrame") -> SuiteResult:
    """Judge a frame by a suite.

    Raises CheckError where an expectation could not be evaluated (a missing column, a text where
    a number belongs): Great Expectations reports those as failed, which would hide the cause.
    """
    rows = frame.reset_index(drop=True)
    outcomes = _validate(suite, rows) if suite.expectations else {}
    failures = tuple(
        _failure(expectation, outcomes[expectation.id], rows)
        for expectation in suite.expectations
        if not outcomes[expectation.id].success
    )
    return SuiteResult(suite, len(rows), len(suite.expectations), failures)


def load_frame(suite: Suite, warehouse: Warehouse) -> "pd.DataFrame":
    """The frame a suite is judged on, from the working file and, if it asks, the published one."""
    working = warehouse.frame(suite.sql)
    if not suite.compare_with_published:
        return working
    published = warehouse.published_frame(suite.sql)
    compared = still_there(working.iloc[:0] if published is None else published, working)
    if suite.excused_sql is None:
        return compared
    return without_excused(compared, warehouse.frame(suite.excused_sql))


def still_there(published: "pd.DataFrame", working: "pd.DataFrame") -> "pd.DataFrame":
    """Published rows with `still_there`: True where the working rows hold the same one.

    Both frames have the same columns, all of them keys. Missing keys count as equal.
    """
    known = set(working.astype(object).where(working.notna(), None).itertuples(index=False))
    rows = published.astype(object).where(published.notna(), None).itertuples(index=False)
    return published.assign(still_there=[tuple(row) in known for row in rows])


def without_excused(compared: "pd.DataFrame", excused: "pd.DataFrame") -> "pd.DataFrame":
    """The rows no row of `excused` speaks of; its columns are keys, and a null stands for any."""
    spoken_of: dict[tuple[str, ...], set[tuple[object, ...]]] = {}
    for row in excused.astype(object).where(excused.notna(), None).to_dict("records"):
        columns = tuple(str(name) for name, value in row.items() if value is not None)
        spoken_of.setdefault(columns, set()).add(tuple(row[name] for name in columns))
    keys = compared.astype(object).to_dict("records")
    kept = [
        not any(tuple(row[n] for n in columns) in known for columns, known in spoken_of.items())
        for row in keys
    ]
    return compared.loc[kept]


def build_checks(
    suites_dir: Path, frame_loader: FrameLoader = load_frame
) -> list[dg.AssetChecksDefinition]:
    """One asset check per suite and severity, named `<suite>_<severity>`.

    critical: blocking, shown as ERROR; warning: non-blocking, shown as WARN. The checks need a
    resource `warehouse` with the methods of `Warehouse`. Raises SuiteError.
    """
    return [
        _build_check(suite.only(severity), severity, frame_loader)
        for suite in load_suites(suites_dir)
        for severity in SEVERITIES
        if suite.only(severity).expectations
    ]


def as_check_result(result: SuiteResult, severity: Severity) -> dg.AssetCheckResult:
    """Show a result in Dagster: counts, the reasons, the first failing rows, the suite file."""
    metadata: dict[str, Any] = {
        "rows": result.row_count,
        "expectations": result.evaluated,
        "suite": dg.MetadataValue.path(result.suite.path),
    }
    if result.failures:
        metadata["failed"] = dg.MetadataValue.json(
            {failure.expectation.id: failure.expectation.why for failure in result.failures}
        )
        metadata[FAILING_ROWS] = dg.MetadataValue.md(failures_markdown(result))
    return dg.AssetCheckResult(
        passed=result.passed,
        severity=_DAGSTER_SEVERITY[severity],
        description=_summary(result),
        metadata=metadata,
    )


def failures_markdown(result: SuiteResult) -> str:
    """Each failed expectation with its reason and a table of its first failing rows."""
    return "\n\n".join(_failure_markdown(failure, result.suite) for failure in result.failures)


_DAGSTER_SEVERITY: dict[Severity, dg.AssetCheckSeverity] = {
    "critical": dg.AssetCheckSeverity.ERROR,
    "warning": dg.AssetCheckSeverity.WARN,
}


def _require(path: Path, place: str, meta: Mapping[str, Any], keys: set[str]) -> None:
    missing = sorted(key for key in keys if not meta.get(key))
    if missing:
        raise SuiteError(f"{path.name}, {place}: {', '.join(missing)} missing. Add it to the file.")


def _sql(path: Path, meta: Mapping[str, Any]) -> str:
    if ("sql" in meta) == ("sql_file" in meta):
        raise SuiteError(f"{path.name}, meta: expected either sql or sql_file.")
    if "sql" in meta:
        return str(meta["sql"])
    return _file(path, meta, "sql_file")


def _file(path: Path, meta: Mapping[str, Any], key: str) -> str:
    file = path.parent.parent / str(meta[key])
    if not file.is_file():
        raise SuiteError(f"{path.name}, meta.{key}: no file {meta[key]}.")
    return file.read_text(encoding="utf-8")


def _expectations(path: Path, entries: Sequence[Mapping[str, Any]]) -> tuple[Expectation, ...]:
    expectations = tuple(_expectation(path, n, entry) for n, entry in enumerate(entries, start=1))
    ids = [expectation.id for expectation in expectations]
    doubled = sorted({name for name in ids if ids.count(name) > 1})
    if doubled or not ids:
        raise SuiteError(f"{path.name}: no expectations, or the same id twice: {doubled}.")
    return expectations


def _expectation(path: Path, number: int, entry: Mapping[str, Any]) -> Expectation:
    place = f"expectation {number}"
    meta = entry.get("meta", {})
    _require(path, place, meta, _EXPECTATION_META)
    if entry.get("severity") not in SEVERITIES:
        raise SuiteError(
            f"{path.name}, {place} ({meta['id']}): severity is {entry.get('severity')!r}, "
            f"expected one of {', '.join(SEVERITIES)}."
        )
    return Expectation(
        id=meta["id"],
        why=meta["why"],
        severity=entry["severity"],
        type=entry["type"],
        kwargs=entry["kwargs"],
    )


@lru_cache(maxsize=1)
def _context() -> "EphemeralDataContext":
    """One quiet context per process: the import takes seconds, and it would call home."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


def _validate(suite: Suite, rows: "pd.DataFrame") -> dict[str, Any]:
    """Results of Great Expectations by expectation id. Raises CheckError."""
    context = _context()
    import great_expectations as gx

    expectations: list[Any] = [
        {
            "type": expectation.type,
            "kwargs": dict(expectation.kwargs),
            "meta": {"id": expectation.id},
            "severity": expectation.severity,
        }
        for expectation in suite.expectations
    ]
    batch = context.data_sources.pandas_default.read_dataframe(rows)
    validation = batch.validate(
        gx.ExpectationSuite(name=suite.name, expectations=expectations),
        result_format={"result_format": "COMPLETE"},
    )
    outcomes: dict[str, Any] = {
        outcome.expectation_config.meta["id"]: outcome
        for outcome in validation.results
        if outcome.expectation_config is not None
    }
    for expectation in suite.expectations:
        _raise_hidden_exception(suite, expectation, outcomes.get(expectation.id))
    return outcomes


def _raise_hidden_exception(suite: Suite, expectation: Expectation, outcome: Any) -> None:
    place = f"{suite.path.name}, expectation {expectation.id} on {suite.table}"
    if outcome is None:
        raise CheckError(f"{place}: Great Expectations gave no result.")
    info = outcome.exception_info or {}
    reports = [info] if "raised_exception" in info else list(info.values())
    messages = [report["exception_message"] for report in reports if report["raised_exception"]]
    if messages:
        raise CheckError(
            f"{place} could not be evaluated: {messages[0]}\n"
            f"  Found columns of other names or types than the expectation needs "
            f"({', '.join(expectation.columns)}). Correct the suite or the SQL of its frame."
        )


def _failure(expectation: Expectation, outcome: Any, rows: "pd.DataFrame") -> Failure:
    positions = outcome.result.get("unexpected_index_list") or []
    if positions:
        return Failure(expectation, rows.loc[positions], f"{len(positions)} rows of {len(rows)}")
    return Failure(expectation, rows.iloc[:0], f"found {outcome.result.get('observed_value')}")


def _build_check(
    suite: Suite, severity: Severity, frame_loader: FrameLoader
) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=dg.AssetKey(suite.table.split(".")),
        name=f"{suite.name}_{severity}",
        blocking=severity == "critical",
        description=_description(suite),
        required_resource_keys={"warehouse"},
        metadata={"suite": dg.MetadataValue.path(suite.path)},
    )
    def check(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
        frame = frame_loader(suite, context.resources.warehouse)
        return as_check_result(run_suite(suite, frame), severity)

    return check


def _description(suite: Suite) -> str:
    subject = suite.table if suite.about == "table" else f"An identity on {suite.table}"
    lines = [f"- **{expectation.id}**: {expectation.why}" for expectation in suite.expectations]
    return "\n".join([f"{subject} ({suite.path.name}).", "", *lines])


def _summary(result: SuiteResult) -> str:
    if result.passed:
        return f"{result.evaluated} expectations met by {result.row_count} rows."
    failed = "; ".join(f"{f.expectation.id} ({f.observed})" for f in result.failures)
    return f"{len(result.failures)} of {result.evaluated} expectations not met: {failed}."


def _failure_markdown(failure: Failure, suite: Suite) -> str:
    heading = f"**{failure.expectation.id}**: {failure.expectation.why} ({failure.observed})"
    if failure.rows.empty:
        return heading
    columns = list(dict.fromkeys((*suite.key_columns, *failure.expectation.columns)))
    return f"{heading}\n\n{rows_markdown(failure.rows[columns], ROWS_SHOWN)}"
