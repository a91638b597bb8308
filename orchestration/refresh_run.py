"""One Dagster run of the refresh, and what it came to.

Belongs here: executing the job, and reading its events. Not here: whether there is a run, and what
goes before and after it (`refresh.py`).
"""

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from assets.vintages.kept_results import code_digest
from assets.vintages.read_by import code_changed
from assets.warehouse.home import Home
from assets.warehouse.private import private_file

if TYPE_CHECKING:
    import dagster as dg

_NAMED_DOCUMENTS = 5  # of a run


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """A check that did not pass."""

    asset: str
    name: str
    is_blocking: bool
    severity: str
    description: str
    failing_rows: str  # Markdown, with each expectation that failed; empty where told elsewhere


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What one Dagster run of the refresh came to."""

    run_id: str
    success: bool
    failed_steps: tuple[tuple[str, str], ...]  # step and message
    checks: tuple[CheckOutcome, ...]  # those that did not pass
    computed: int  # steps that made their rows
    taken_over: int  # steps whose rows stand as they were, since nothing they hang on changed
    entries: int  # of the steps that were computed
    entries_computed: int  # of them; the others stand as they were
    seconds: float
    seconds_of_definitions: float  # of these, to load what the job is made of


def run_refresh(
    home: Home,
    instance: "dg.DagsterInstance",
    full: bool,
    on_run: Callable[[str], None],
    pending: Sequence[str],
    code_sha256: str,
) -> RunOutcome:
    """Execute the refresh job in this process, in the instance that the web interface shows.

    full, on_run: see `refresh`. pending: keys of the documents that wait, by which the run is named
    in the list. code_sha256: of the code before any of it was loaded for the run.
    Raises WarehouseError where it is another one by now.
    """
    from orchestration.runs.instance import PID_TAG, close_dead_runs

    start = time.perf_counter()
    from orchestration.checks.run_tag import tag_checks
    from orchestration.definitions import defs

    if code_digest() != code_sha256:
        raise code_changed()
    loaded = time.perf_counter()
    close_dead_runs(instance)
    _tell_duration(instance)
    run_id = str(uuid4())
    on_run(run_id)
    private_file(home.run_under_way).write_text(run_id)
    result = defs.resolve_job_def("refresh").execute_in_process(
        instance=instance,
        run_id=run_id,
        run_config={
            "loggers": {"progress": {}},
            "resources": {"warehouse": {"config": {"full": full}}},
        },
        tags={
            PID_TAG: str(os.getpid()),
            "yearbook/command": "refresh",
            "yearbook/documents": _named(pending) or "none new",
        },
        raise_on_error=False,
    )
    not_passed = _checks_not_passed(result.get_asset_check_evaluations())
    tag_checks(instance, run_id, (check.is_blocking for check in not_passed))
    home.run_under_way.unlink()
    steps = _steps(result.all_events)
    entries, entries_computed = _entries(result.all_events)
    return RunOutcome(
        run_id=result.run_id,
        success=result.success,
        failed_steps=_failed_steps(result.all_events),
        checks=not_passed,
        computed=len(steps) - sum(steps.values()),
        taken_over=sum(steps.values()),
        entries=entries,
        entries_computed=entries_computed,
        seconds=time.perf_counter() - start,
        seconds_of_definitions=loaded - start,
    )


def _named(pending: Sequence[str]) -> str:
    more = len(pending) - _NAMED_DOCUMENTS
    return ", ".join(pending[:_NAMED_DOCUMENTS]) + (f" and {more} more" if more > 0 else "")


def _tell_duration(instance: "dg.DagsterInstance") -> None:
    """Say how long the last whole refresh took, from which a person can tell how long to wait."""
    import dagster as dg

    whole = dg.RunsFilter(job_name="refresh", statuses=[dg.DagsterRunStatus.SUCCESS])
    for record in instance.get_run_records(whole, limit=1):
        if record.start_time is not None and record.end_time is not None:
            seconds = record.end_time - record.start_time
            print(f"The refresh before took {seconds:.0f} s; this one may, too.", file=sys.stderr)


def _steps(events: "Sequence[object]") -> dict[str, bool]:
    """Each step that made or kept a table, and whether its rows stand as they were."""
    import dagster as dg

    from assets.vintages.kept_tables import UNCHANGED
    from assets.warehouse.resource import TAKEN_OVER

    stands = {UNCHANGED, TAKEN_OVER}
    return {
        str(event.step_key): not stands.isdisjoint(
            event.step_materialization_data.materialization.metadata
        )
        for event in events
        if isinstance(event, dg.DagsterEvent) and event.is_step_materialization
    }


def _entries(events: "Sequence[object]") -> tuple[int, int]:
    """Entries of all steps, and those computed; all tables of a step say the same."""
    import dagster as dg

    from assets.vintages.pieces import ENTRIES, ENTRIES_COMPUTED

    found: dict[str, tuple[int, int]] = {}
    for event in events:
        if isinstance(event, dg.DagsterEvent) and event.is_step_materialization:
            said = event.step_materialization_data.materialization.metadata
            if ENTRIES in said:
                counts = said[ENTRIES].value, said[ENTRIES_COMPUTED].value
                found[str(event.step_key)] = int(str(counts[0])), int(str(counts[1]))
    return sum(each for each, _ in found.values()), sum(each for _, each in found.values())


def _failed_steps(events: "Sequence[object]") -> tuple[tuple[str, str], ...]:
    import dagster as dg

    found = []
    for event in events:
        if isinstance(event, dg.DagsterEvent) and event.is_step_failure:
            error = event.step_failure_data.error
            if error is not None and error.cause is not None:
                error = error.cause  # Dagster's wrapper around what the step raised
            found.append((str(event.step_key), "" if error is None else error.message.strip()))
    return tuple(found)


def _checks_not_passed(evaluations: "Sequence[object]") -> tuple[CheckOutcome, ...]:
    from dagster import AssetCheckEvaluation

    from orchestration.checks.failing_rows import told_rows

    return tuple(
        CheckOutcome(
            asset=evaluation.asset_key.to_user_string(),
            name=evaluation.check_name,
            is_blocking=bool(evaluation.blocking),
            severity=evaluation.severity.value,
            description=evaluation.description or "",
            failing_rows=told_rows(evaluation.metadata),
        )
        for evaluation in evaluations
        if isinstance(evaluation, AssetCheckEvaluation) and not evaluation.passed
    )
