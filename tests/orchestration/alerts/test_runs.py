"""Which messages finished runs give, on real runs of small jobs in an instance of their own."""

import time
from dataclasses import dataclass, field
from typing import Any

import dagster as dg
import pytest

from assets.warehouse.home import Home
from orchestration.alerts.look import look_from_daemon, outbox_of
from orchestration.alerts.outbox import Delivery
from orchestration.alerts.sinks.chat_webhook import WEBHOOK_URL
from orchestration.checks.run_tag import CHECKS_TAG

UI = "http://127.0.0.1:3000"


@dataclass
class Plant:
    """A job `refresh` over one table with a blocking and a non-blocking check, as told."""

    instance: dg.DagsterInstance
    home: Home
    clock: Any
    fails: str = ""
    warns: tuple[str, ...] = ()
    blocks: bool = False
    sent: list[int] = field(default_factory=list)

    def run(self, job: str = "refresh") -> None:
        plant = self

        @dg.asset(key=["raw", "observation"])
        def table() -> None:
            if plant.fails:
                raise RuntimeError(plant.fails)

        @dg.asset_check(asset=table, name="soft")
        def soft() -> dg.AssetCheckResult:
            return dg.AssetCheckResult(
                passed=not plant.warns,
                severity=dg.AssetCheckSeverity.WARN,
                description=f"{len(plant.warns)} not met",
                metadata={"failed": dg.MetadataValue.json(dict.fromkeys(plant.warns, "why"))},
            )

        @dg.asset_check(asset=table, name="hard", blocking=True)
        def hard() -> dg.AssetCheckResult:
            return dg.AssetCheckResult(passed=not plant.blocks)

        @dg.asset_check(asset=table, name="no_document_in_quarantine")
        def quarantine() -> dg.AssetCheckResult:
            return dg.AssetCheckResult(passed=False)

        definitions = dg.Definitions(
            [table],
            asset_checks=[soft, hard, quarantine],
            jobs=[dg.define_asset_job(job, "*")],
            executor=dg.in_process_executor,
        )
        definitions.resolve_job_def(job).execute_in_process(
            instance=self.instance, raise_on_error=False
        )

    def look(self) -> list[Delivery]:
        """Messages that are new in the log."""
        self.clock.now += 30
        look_from_daemon(self.home, self.instance, self.clock)
        found = outbox_of(self.home).deliveries("sent", sink="log")
        new = [one for one in found if one.posted.number not in self.sent]
        self.sent += [one.posted.number for one in new]
        return new

    def causes(self) -> list[str]:
        return [one.posted.message.cause for one in self.look()]


@pytest.fixture
def plant(instance: dg.DagsterInstance, home: Home, clock: Any) -> Plant:
    clock.now = time.time()  # Dagster notes the real time of its runs
    return Plant(instance, home, clock)


def test_a_failing_non_blocking_check_is_one_message(plant: Plant) -> None:
    plant.warns = ("one_year_each",)
    found = []
    for _ in range(4):
        plant.run()
        found += plant.look()
    (only,) = found
    message = only.posted.message
    assert message.cause == "check/raw/observation/soft/one_year_each"
    assert message.severity == "warning"
    assert message.title == "check soft on raw/observation did not pass: one_year_each"
    assert message.link == f"{UI}/assets/raw/observation?view=checks&checkDetail=soft"
    plant.warns = ()
    plant.run()
    assert plant.causes() == []
    plant.warns = ("one_year_each", "another")
    plant.run()
    assert plant.causes() == [
        "check/raw/observation/soft/another",
        "check/raw/observation/soft/one_year_each",
    ]
    plant.warns = ("another",)
    plant.run()
    assert plant.causes() == []


def test_a_failed_run_is_one_message_until_one_succeeds(plant: Plant) -> None:
    plant.fails = "no room"
    plant.run()
    (first,) = plant.look()
    message = first.posted.message
    assert message.cause == "run/refresh/raw__observation"
    assert message.body == "raw__observation: RuntimeError: no room"
    assert message.link is not None
    assert message.link.startswith(f"{UI}/runs/")
    plant.run()
    assert plant.causes() == []
    plant.fails = ""
    plant.run()
    plant.fails = "no room"
    plant.run()
    assert plant.causes() == ["run/refresh/raw__observation"]  # both runs before one look


def test_a_refresh_ends_the_failures_of_other_jobs(plant: Plant) -> None:
    plant.fails = "no room"
    plant.run("ingest")
    assert plant.causes() == ["run/ingest/raw__observation"]
    plant.fails = ""
    plant.run("refresh")
    plant.look()
    assert outbox_of(plant.home).standing() == ()


def test_a_run_that_a_check_stopped_is_the_checks_message(plant: Plant) -> None:
    plant.blocks = True
    plant.run()
    assert plant.causes() == ["check/raw/observation/hard/failed"]


def test_a_killed_run_is_told(plant: Plant) -> None:
    @dg.job
    def empty() -> None: ...

    run = plant.instance.create_run_for_job(empty)
    plant.instance.report_run_failed(run, "process is gone")
    (only,) = plant.look()
    assert only.posted.message.cause == "run/empty/killed"


def test_old_runs_are_not_told_at_the_first_look(plant: Plant) -> None:
    plant.fails = "no room"
    plant.run()
    plant.clock.now += 2 * 86_400
    assert plant.causes() == []


def test_a_run_after_the_clock_went_back_is_told(plant: Plant) -> None:
    ahead = plant.clock.now + 3 * 86_400
    outbox_of(plant.home).post_run("a run of the wrong day", ahead, [], ["log"], plant.clock.now)
    plant.fails = "no room"
    plant.run()
    assert plant.causes() == ["run/refresh/raw__observation"]


def test_a_secret_in_an_error_goes_nowhere(
    plant: Plant, chat: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WEBHOOK_URL, chat.url)
    plant.fails = f"cannot post to {chat.url}"
    plant.run()
    plant.look()
    assert len(chat.taken) == 1
    assert "cannot post to ***" in chat.texts()[0]
    for path in plant.home.state.rglob("*"):
        if path.is_file():
            assert b"very-secret-token" not in path.read_bytes(), path


def test_a_run_with_checks_that_did_not_pass_is_tagged_whoever_launched_it(plant: Plant) -> None:
    plant.run("ingest")  # as a sensor does: nothing of the command line is in it
    plant.look()
    (record,) = plant.instance.get_run_records(limit=1)
    # The check on documents in quarantine of this plant never passes.
    assert record.dagster_run.tags[CHECKS_TAG] == "1, of which 0 block"
    plant.blocks = True
    plant.warns = ("a",)
    plant.run("ingest")
    plant.look()
    (record,) = plant.instance.get_run_records(limit=1)
    assert record.dagster_run.tags[CHECKS_TAG] == "3, of which 1 block"
