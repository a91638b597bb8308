"""Alerts about finished runs: failures, and checks that did not pass.

Belongs here: reading finished runs of an instance, and what in them is worth a message. Not here:
which of them were looked at before (`outbox.py`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import dagster as dg

from orchestration.alerts.message import Message, Observation, Severity
from orchestration.checks.failing_rows import told_rows
from orchestration.refusals import JOB as REFUSAL

# The alert on the document itself says it with the file and the cell.
TOLD_ELSEWHERE = (
    ("raw/observation", "no_document_in_quarantine"),
    ("raw/town_dataset", "no_dataset_in_quarantine"),
    ("raw/replication", "no_replication_in_quarantine"),
)
STOPPED_BY_CHECK = "DagsterAssetCheckFailedError"
WHOLE = "refresh"  # the job that does what all others do: its success ends their failures
FIRST_LOOK_SECONDS = 86_400.0
OVERLAP_SECONDS = 3_600.0  # a run may be marked as ended some time after it ended
KEPT_SECONDS = 30 * 86_400.0  # how long a run that was looked at is remembered


@dataclass(frozen=True, slots=True)
class FailedStep:
    """A step that failed, and why."""

    step: str
    error_class: str
    message: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One evaluation of a check."""

    asset: str  # parts joined by /
    check: str
    passed: bool
    is_blocking: bool
    severity: str  # ERROR or WARN
    description: str
    failed_expectations: tuple[str, ...]
    failing_rows: str


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """What a run came to."""

    run_id: str
    job: str
    ended_at: float  # seconds since 1970, UTC
    success: bool
    failed_steps: tuple[FailedStep, ...]
    judged: tuple[Judged, ...]


def finished_runs(
    instance: dg.DagsterInstance, seen: Mapping[str, float], now: float
) -> Iterator[FinishedRun]:
    """Runs that ended and were not seen, in the order of their ends; at first, of the last day.

    Where the clock went back, runs that were seen lie ahead, and those of now are looked at.
    """
    after = min(now, max(seen.values(), default=now - FIRST_LOOK_SECONDS + OVERLAP_SECONDS))
    records = instance.get_run_records(
        dg.RunsFilter(
            statuses=[dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE],
            updated_after=datetime.fromtimestamp(after - OVERLAP_SECONDS, UTC),
        )
    )
    new = [
        record
        for record in records
        # The alert on the document says what the run of a refusal would.
        if record.dagster_run.run_id not in seen and record.dagster_run.job_name != REFUSAL
    ]
    for record in sorted(new, key=lambda record: record.end_time or 0.0):
        run = record.dagster_run
        yield FinishedRun(
            run_id=run.run_id,
            job=run.job_name,
            ended_at=record.end_time or now,
            success=run.is_success,
            failed_steps=_failed_steps(instance, run.run_id),
            judged=_judged(instance, run.run_id),
        )


def observations(run: FinishedRun, interface: str) -> tuple[Observation, ...]:
    """What a run shows. A run that only a blocking check stopped is the check's cause.

    interface: address of the web interface.
    """
    checks = tuple(
        _of_check(judged, interface)
        for judged in run.judged
        if (judged.asset, judged.check) not in TOLD_ELSEWHERE
    )
    if run.success:
        return (Observation("run/" if run.job == WHOLE else f"run/{run.job}/"), *checks)
    return (_of_failure(run, interface), *checks)


def _of_failure(run: FinishedRun, interface: str) -> Observation:
    stopped = any(not one.passed and one.severity == "ERROR" for one in run.judged)
    broken = [
        step for step in run.failed_steps if not (stopped and step.error_class == STOPPED_BY_CHECK)
    ]
    if run.failed_steps and not broken:
        return Observation(f"run/{run.job}/")
    steps = ", ".join(sorted(step.step for step in broken))
    message = Message(
        f"run/{run.job}/{steps or 'killed'}",
        "error",
        f"run of {run.job} failed" + (f" at {steps}" if steps else ""),
        "\n".join(f"{step.step}: {step.message}" for step in broken)
        or "No step failed: its process was killed or could not start.",
        f"{interface}/runs/{run.run_id}",
    )
    return Observation(f"run/{run.job}/", (message,))


def _of_check(judged: Judged, interface: str) -> Observation:
    """Another expectation of the same check that fails is another cause."""
    scope = f"check/{judged.asset}/{judged.check}/"
    failed = () if judged.passed else (judged.failed_expectations or ("failed",))
    title = f"check {judged.check} on {judged.asset} did not pass"
    body = "\n\n".join(filter(None, (judged.description, judged.failing_rows)))
    link = f"{interface}/assets/{judged.asset}?view=checks&checkDetail={judged.check}"
    severity: Severity = "error" if judged.severity == "ERROR" else "warning"
    return Observation(
        scope,
        tuple(
            Message(
                f"{scope}{name}",
                severity,
                title if name == "failed" else f"{title}: {name}",
                body,
                link,
            )
            for name in failed
        ),
    )


def _failed_steps(instance: dg.DagsterInstance, run_id: str) -> tuple[FailedStep, ...]:
    found = []
    for entry in instance.all_logs(run_id, of_type=dg.DagsterEventType.STEP_FAILURE):
        event = entry.get_dagster_event()
        error = event.step_failure_data.error
        while error is not None and error.cause is not None:
            error = error.cause
        said = ("", "") if error is None else (error.cls_name or "", error.message.strip())
        found.append(FailedStep(str(event.step_key), *said))
    return tuple(found)


def _judged(instance: dg.DagsterInstance, run_id: str) -> tuple[Judged, ...]:
    entries = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    evaluations = [e.get_dagster_event().asset_check_evaluation_data for e in entries]
    return tuple(
        Judged(
            asset=evaluation.asset_key.to_user_string(),
            check=evaluation.check_name,
            passed=evaluation.passed,
            is_blocking=bool(evaluation.blocking),
            severity=evaluation.severity.value,
            description=evaluation.description or "",
            failed_expectations=_names(evaluation.metadata.get("failed")),
            failing_rows=told_rows(evaluation.metadata),
        )
        for evaluation in evaluations
    )


def _names(value: object) -> tuple[str, ...]:
    found = value.data if isinstance(value, dg.JsonMetadataValue) else None
    return tuple(sorted(found)) if isinstance(found, dict) else ()
