"""Documents, editions, sensors and the daemon under a simulated clock; the sensor; `status`."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.scheduler.instigation import TickData, TickStatus

from assets.extracts.landed.intake import read_documents, write_intake
from assets.extracts.landed.quarantine import taken_before
from assets.extracts.landed.survey import survey_landing
from assets.warehouse.home import Home
from assets.warehouse.lock import writer_lock
from assets.warehouse.store import Store
from orchestration.alerts.causes import SILENCE_SECONDS, Ticker, judge_daemon, judge_tickers
from orchestration.alerts.look import (
    look_from_command_line,
    look_from_daemon,
    outbox_of,
    status_lines,
    tell_after_refresh,
)
from orchestration.alerts.sensor import alerts_sensor
from orchestration.alerts.sinks.chat_webhook import WEBHOOK_URL

REPOSITORY = Path(__file__).parents[3]
SOURCE = "nbs_national_annual"
UI = "http://127.0.0.1:3000"


def at(year: int, month: int, day: int, hour: int = 0) -> float:
    return datetime(year, month, day, hour, tzinfo=UTC).timestamp()


def take_in(home: Home) -> None:
    store = Store(home.working)
    waiting = survey_landing(home.landing, taken_before(store)).pending
    write_intake(store, read_documents(home.landing, waiting, lambda line: None))


def edition_2024(home: Home) -> Path:
    folder = home.landing / SOURCE / "2024"
    shutil.copytree(REPOSITORY / "landing" / SOURCE / "2024", folder)
    return folder


def look(home: Home, clock: Any, moment: float) -> list[str]:
    """Causes that are new after one look from the command line."""
    clock.now = moment
    before = outbox_of(home).deliveries("sent", sink="log")
    look_from_command_line(home, None, has_run=False, clock=clock)
    after = outbox_of(home).deliveries("sent", sink="log")
    return [one.posted.message.cause for one in after[len(before) :]]


def test_an_edition_is_overdue_from_new_year_in_china_on(home: Home, clock: Any) -> None:
    edition_2024(home)
    (home.landing / "awaited.yaml").write_text(f"- {SOURCE}\n- never_seen\n")
    take_in(home)
    told = {
        moment: look(home, clock, moment)
        for moment in (
            at(2024, 12, 31),
            at(2025, 6, 1),  # 2025 is awaited, not overdue
            at(2025, 12, 31, 15),  # 23:00 in China
            at(2025, 12, 31, 16),  # midnight
            at(2026, 1, 1),
            at(2026, 12, 31),
        )
    }
    assert [(m, causes) for m, causes in told.items() if causes] == [
        (at(2025, 12, 31, 16), [f"edition/{SOURCE}/2025"])
    ]


def test_an_edition_that_came_is_not_overdue(home: Home, clock: Any) -> None:
    folder = edition_2024(home)
    (home.landing / "awaited.yaml").write_text(f"- {SOURCE}\n")
    take_in(home)
    assert look(home, clock, at(2026, 1, 2)) == [f"edition/{SOURCE}/2025"]
    newer = folder.with_name("2025")
    shutil.copytree(folder, newer)
    card = newer / "card.yaml"
    said = card.read_text(encoding="utf-8").replace("edition: 2024", "edition: 2025")
    of_2024 = 'definitions: {"国内生产总值": "before_economic_census_2023"}'  # as its note says
    card.write_text(said.replace("axes: site", f"axes: site\n    {of_2024}"), encoding="utf-8")
    take_in(home)
    assert look(home, clock, at(2026, 1, 3)) == []
    assert outbox_of(home).standing() == ()


def test_a_list_that_cannot_be_read_is_told(home: Home, clock: Any) -> None:
    (home.landing / "awaited.yaml").write_text("source: x\n")
    assert look(home, clock, at(2026, 1, 2)) == ["edition/list"]


def test_a_refused_document_is_told_once_per_fault(home: Home, clock: Any) -> None:
    folder = edition_2024(home)
    path = folder / "annual.csv"
    sound, causes = path.read_bytes(), []
    for number, value in enumerate((b"6888x8.2", b"6888x8.2", b"6888y8.2", b"688858.2")):
        content = sound.replace(b"688858.2", value)
        path.write_bytes(content)
        card = folder / "card.yaml"
        text = card.read_text(encoding="utf-8")
        old = text.split("sha256: ")[1][:64]
        card.write_text(text.replace(old, hashlib.sha256(content).hexdigest()), encoding="utf-8")
        take_in(home)
        causes.append(look(home, clock, at(2025, 1, 2 + number)))
    assert [len(new) for new in causes] == [1, 0, 1, 0]
    assert causes[0][0].startswith(f"document/{SOURCE}/2024/")
    assert outbox_of(home).standing() == ()
    log = (home.state / "alerts.log").read_text(encoding="utf-8")
    assert "6888x8.2" in log
    assert log.count("was refused") == 2


def test_nothing_is_said_of_documents_while_a_run_writes(
    home: Home, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assets.warehouse.errors import Holder, WarehouseBusy

    edition_2024(home)
    (home.landing / "awaited.yaml").write_text(f"- {SOURCE}\n")
    take_in(home)
    look(home, clock, at(2026, 1, 2))

    def busy(*arguments: object) -> Any:
        raise WarehouseBusy("busy", Holder(1, "host", "command", "purpose", None))

    monkeypatch.setattr("orchestration.alerts.causes.writer_lock", busy)
    assert look(home, clock, at(2026, 1, 3)) == []
    assert outbox_of(home).standing() == (f"edition/{SOURCE}/2025",)  # has not passed
    monkeypatch.setattr("orchestration.alerts.causes.writer_lock", writer_lock)
    assert look(home, clock, at(2026, 1, 4)) == []


def kinds(ticker: Ticker, up_since: float, now: float) -> list[str]:
    return [m.cause.split("/")[2] for m in judge_tickers([ticker], up_since, now, UI).messages]


@pytest.mark.parametrize("name", SILENCE_SECONDS)
def test_a_silent_ticker(name: str) -> None:
    limit, long_ago = SILENCE_SECONDS[name], 0.0
    ticked = Ticker(name, True, 1000.0, None)
    assert kinds(ticked, long_ago, 1000.0 + limit) == []
    assert kinds(ticked, long_ago, 1001.0 + limit) == ["silent"]
    now = 1001.0 + limit
    assert kinds(ticked, now - 899, now) == []  # the daemon is just up, and catching up
    assert kinds(ticked, now - 901, now) == ["silent"]
    never = Ticker(name, True, None, None)
    assert kinds(never, 1000.0, 1000.0 + limit) == []
    assert kinds(never, 1000.0, 1001.0 + limit) == ["silent"]


def test_a_failing_ticker_and_one_that_is_off() -> None:
    assert kinds(Ticker("landing", True, 1000.0, "boom"), 0.0, 1001.0) == ["failing"]
    assert kinds(Ticker("landing", False, 1.0, None), 0.0, 10_000.0) == ["off"]


def test_the_daemons_silence() -> None:
    assert judge_daemon(None, 1e9).messages == ()
    assert judge_daemon(1e9 - 900, 1e9).messages == ()
    (message,) = judge_daemon(1e9 - 901, 1e9).messages
    assert "last looked at 2001-09-09 01:31 UTC" in message.body


def test_every_sensor_and_schedule_is_watched() -> None:
    from orchestration.definitions import defs

    repository = defs.get_repository_def()
    sensors = {each.name for each in repository.sensor_defs}
    schedules = {each.name for each in repository.schedule_defs}
    assert sensors | schedules == {*SILENCE_SECONDS, alerts_sensor.name}


def remember_sensor(instance: dg.DagsterInstance, name: str, status: Any) -> Any:
    """A sensor as the daemon enters it into the instance."""
    from dagster._core.definitions.run_request import InstigatorType
    from dagster._core.remote_origin import (
        ManagedGrpcPythonEnvCodeLocationOrigin,
        RemoteInstigatorOrigin,
        RemoteRepositoryOrigin,
    )
    from dagster._core.scheduler.instigation import InstigatorState, SensorInstigatorData
    from dagster._core.types.loadable_target_origin import LoadableTargetOrigin

    place = ManagedGrpcPythonEnvCodeLocationOrigin(LoadableTargetOrigin(), "yearbook")
    origin = RemoteInstigatorOrigin(RemoteRepositoryOrigin(place, "__repository__"), name)
    state = InstigatorState(origin, InstigatorType.SENSOR, status, SensorInstigatorData())
    return instance.add_instigator_state(state)


def tick(instance: dg.DagsterInstance, state: Any, status: TickStatus, when: float) -> None:
    from dagster_shared.error import SerializableErrorInfo

    error = (
        SerializableErrorInfo("boom\n", [], "RuntimeError") if status.value == "FAILURE" else None
    )
    instance.create_tick(
        TickData(
            state.instigator_origin_id,
            state.instigator_name,
            state.instigator_type,
            status,
            when,
            selector_id=state.selector_id,
            error=error,
        )
    )


def test_ticks_of_an_instance_over_simulated_hours(
    home: Home, clock: Any, instance: dg.DagsterInstance
) -> None:
    from dagster._core.scheduler.instigation import InstigatorStatus

    state = remember_sensor(instance, "landing", InstigatorStatus.DECLARED_IN_CODE)
    remember_sensor(instance, "renamed_long_ago", InstigatorStatus.STOPPED)
    start, told = at(2027, 3, 1), []
    for minute in range(0, 240, 4):
        clock.now = start + 60 * minute
        silent, failing = 60 <= minute < 120, 180 <= minute < 220
        if not silent:
            status = TickStatus.FAILURE if failing else TickStatus.SKIPPED
            tick(instance, state, status, clock.now)
        if look_from_daemon(home, instance, clock).raised:
            told.append((minute, outbox_of(home).standing()))
    assert told == [(72, ("tick/landing/silent",)), (180, ("tick/landing/failing",))]
    assert outbox_of(home).standing() == ()


def test_a_daemon_that_died_is_told_by_the_next_refresh(
    home: Home, clock: Any, instance: dg.DagsterInstance
) -> None:
    clock.now = at(2027, 3, 1)
    look_from_daemon(home, instance, clock)
    assert look(home, clock, at(2027, 3, 1) + 600) == []
    assert look(home, clock, at(2027, 3, 2)) == ["daemon/silent"]
    assert look(home, clock, at(2027, 3, 3)) == []
    clock.now = at(2027, 3, 4)
    look_from_daemon(home, instance, clock)
    assert outbox_of(home).standing() == ()


def test_a_refresh_that_breaks_off_is_told_once(home: Home, clock: Any) -> None:
    clock.now = at(2027, 3, 1)
    problem = OSError("the disk is gone")
    raised = [
        look_from_command_line(home, found, has_run=False, clock=clock).raised
        for found in (problem, problem, None, problem)
    ]
    assert raised == [1, 0, 0, 1]


def test_the_sensor_looks_and_never_asks_for_a_run(
    home: Home, instance: dg.DagsterInstance
) -> None:
    found = alerts_sensor(dg.build_sensor_context(instance=instance))
    assert isinstance(found, dg.SkipReason)
    assert found.skip_message == "0 new messages, 0 sent."
    assert outbox_of(home).last_daemon_look() is not None


def test_alerts_that_cannot_be_kept_are_tried_once_and_break_no_refresh(
    home: Home, chat: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(WEBHOOK_URL, chat.url)
    (home.state / "outbox.sqlite").write_bytes(b"no database" * 100)
    tell_after_refresh(home, OSError("the disk is gone"), has_run=False)
    assert capsys.readouterr().err == (
        "alerts: could not be kept: file is not a database; log was told; webhook was told\n"
    )
    for told in ("".join(chat.texts()), (home.state / "alerts.log").read_text()):
        assert "alerts could not be kept" in told
        assert "The refresh broke off: the disk is gone" in told


def test_an_idle_refresh_tells_without_importing_dagster(home: Home) -> None:
    script = (
        "import sys; from assets.warehouse.home import Home\n"
        "from orchestration.alerts.look import tell_after_refresh\n"
        "tell_after_refresh(Home.from_environment(), None, has_run=False)\n"
        "print('dagster' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, timeout=60
    )
    assert (done.stdout, done.stderr) == ("False\n", "")


def test_status_lists_what_was_sent_and_what_was_not(
    home: Home,
    clock: Any,
    observe: Callable[..., Any],
    chat: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(WEBHOOK_URL, chat.url)
    chat.status = 500
    tell_after_refresh(home, OSError("the disk is gone"), has_run=False)
    err = capsys.readouterr().err
    assert "alerts: 1 new (.yearbook/alerts.log), 0 sent" in err
    assert "alerts: 1 waiting for webhook: slack webhook at 127.0.0.1 answered 500" in err
    lines = status_lines(outbox_of(home), ("a problem",))
    assert lines[0] == "alerts     1 cause stands, 1 message unsent, 0 may not have arrived"
    assert lines[1].strip() == "setting: a problem"
    assert "unsent: #1 to webhook" in lines[2]
    assert lines[2].endswith("expected 200)")
    assert "sent: #1 to log" in lines[3]
    assert "very-secret-token" not in err + "".join(lines)
