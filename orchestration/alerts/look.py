"""One look: observe, keep in the outbox, send. From the daemon's sensor and from the command line.

Belongs here: which sources are looked at when, that an alert which cannot be kept or sent never
breaks what it is about, and what a terminal shows of alerts. Not here: the sources, the outbox, the
sinks.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home
from assets.warehouse.texts.counted import counted
from orchestration.alerts.causes import (
    DAEMON_PAUSE_SECONDS,
    judge_daemon,
    observe_landing,
    observe_ticks,
)
from orchestration.alerts.delivery import deliver
from orchestration.alerts.message import (
    Message,
    Observation,
    Posted,
    as_notices,
    as_time,
    redacted,
    redacted_message,
)
from orchestration.alerts.outbox import Delivery, Outbox
from orchestration.alerts.settings import Settings, read_settings
from orchestration.alerts.sinks.sink import NotAccepted, PerhapsAccepted

if TYPE_CHECKING:
    import dagster as dg

Clock = Callable[[], float]
LAST_SENT = 3


def outbox_of(home: Home) -> Outbox:
    """The outbox of a warehouse."""
    return Outbox(home.state / "outbox.sqlite")


def settings_of(home: Home) -> Settings:
    """The settings in the environment, with the log file of this warehouse."""
    return read_settings(os.environ, home.state / "alerts.log")


@dataclass(frozen=True, slots=True)
class Look:
    """What one look did."""

    raised: int  # new messages
    sent: int  # messages a sink other than the log took
    waiting: tuple[str, ...]  # per sink that is down: its name and why


def look_from_daemon(home: Home, instance: "dg.DagsterInstance", clock: Clock = time.time) -> Look:
    """Runs, sensors, schedule, documents and editions. Raises OSError, sqlite3.Error."""
    outbox, settings, now = outbox_of(home), settings_of(home), clock()
    daemon = outbox.daemon_looked(now, DAEMON_PAUSE_SECONDS)
    raised = _post_runs(outbox, settings, instance, now)
    found = [
        observe_ticks(instance, daemon.first_at, now, settings.interface),
        judge_daemon(now, now),
        *_landing_unless_busy(home, now),
    ]
    raised += _post(outbox, settings, found, now)
    sent = deliver(outbox, settings, clock, heed_rests=True)
    return Look(raised, sent, _waiting(outbox))


def look_from_command_line(
    home: Home, problem: Exception | None, has_run: bool, clock: Clock = time.time
) -> Look:
    """The end of a refresh: why it broke off, runs, documents, editions, and the daemon's silence.

    has_run: whether there was a Dagster run; without one Dagster is not imported.
    Raises OSError, sqlite3.Error.
    """
    outbox, settings, now = outbox_of(home), settings_of(home), clock()
    daemon = outbox.last_daemon_look()
    raised = _post_own_runs(home, outbox, settings, now) if has_run else 0
    broken_off: tuple[Message, ...] = ()  # a refresh that ended with an error outside of a run
    if problem is not None:
        kind = type(problem).__name__
        title = f"refresh broke off: {kind}"
        broken_off = (Message(f"refresh/{kind}", "error", title, str(problem)),)
    found = [
        Observation("refresh/", broken_off),
        judge_daemon(None if daemon is None else daemon.last_at, now),
        *_landing_unless_busy(home, now),
    ]
    raised += _post(outbox, settings, found, now)
    sent = deliver(outbox, settings, clock, heed_rests=False)
    return Look(raised, sent, _waiting(outbox))


def tell_after_refresh(home: Home, problem: Exception | None, has_run: bool) -> None:
    """Look from the command line; say on standard error what came of it, never fail."""
    try:
        look = look_from_command_line(home, problem, has_run)
        for line in settings_of(home).problems:
            print(f"alerts: {line}", file=sys.stderr)
    except Exception as error:  # of SQLite, or of Dagster about it
        _send_unkept(home, problem, _root_of(error))
        return
    if look.raised or look.sent:
        print(
            f"alerts: {look.raised} new (.yearbook/alerts.log), {look.sent} sent", file=sys.stderr
        )
    for line in look.waiting:
        print(f"alerts: {line}", file=sys.stderr)


def _send_unkept(home: Home, problem: Exception | None, error: BaseException) -> None:
    """Tell every sink, once and without the outbox, that alerts cannot be kept."""
    settings = settings_of(home)
    body = f"{home.state}: {error}\nWhat there is to tell stands in `yearbook status` alone."
    if problem is not None:
        body = f"The refresh broke off: {problem}\n\n{body}"
    message = Message("outbox/unwritable", "error", "alerts could not be kept", body)
    posted = Posted(0, time.time(), redacted_message(message, settings.secrets))
    told = []
    for sink in settings.sinks:
        try:
            for notice in as_notices([posted], may_digest=False):
                sink.send(notice)
            told.append(f"{sink.name} was told")
        except (NotAccepted, PerhapsAccepted) as refused:
            told.append(f"{sink.name}: {redacted(str(refused), settings.secrets)}")
    print(f"alerts: could not be kept: {error}; {'; '.join(told)}", file=sys.stderr)


def _root_of(error: BaseException) -> BaseException:
    """What an error goes back to: Dagster's and SQLAlchemy's quote the SQL they were at."""
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return error


def status_lines(outbox: Outbox, problems: tuple[str, ...]) -> tuple[str, ...]:
    """What stands, what waits or may not have arrived, the last messages sent, wrong settings."""
    if not outbox.path.exists():
        return ("alerts     none yet", *(f"             setting: {each}" for each in problems))
    unsent = outbox.deliveries("waiting", "sending")
    doubtful = outbox.deliveries("doubtful", "told")
    sent = sorted(outbox.deliveries("sent"), key=lambda delivery: delivery.changed_at)
    return (
        f"alerts     {counted(len(outbox.standing()), 'cause stands', 'causes stand')}, "
        f"{counted(len(unsent), 'message')} unsent, "
        f"{len(doubtful)} may not have arrived",
        *(f"             setting: {problem}" for problem in problems),
        *(_line("unsent", delivery) for delivery in unsent),
        *(_line("doubtful", delivery) for delivery in doubtful),
        *(_line("sent", delivery) for delivery in sent[-LAST_SENT:]),
    )


def _line(state: str, delivery: Delivery) -> str:
    title = " ".join(delivery.posted.message.title.split())
    remark = f" ({delivery.remark})" if delivery.remark else ""
    return (
        f"             {state}: #{delivery.posted.number} to {delivery.sink}, "
        f"{as_time(delivery.changed_at)}: {title}{remark}"
    )


def _post(outbox: Outbox, settings: Settings, found: Iterable[Observation], now: float) -> int:
    return outbox.post([_without_secrets(one, settings) for one in found], _names(settings), now)


def _post_runs(
    outbox: Outbox, settings: Settings, instance: "dg.DagsterInstance", now: float
) -> int:
    from orchestration.alerts.runs import KEPT_SECONDS, finished_runs, observations
    from orchestration.checks.run_tag import tag_checks

    raised = 0
    for run in finished_runs(instance, outbox.seen_runs(), now):
        failed = (judged.is_blocking for judged in run.judged if not judged.passed)
        tag_checks(instance, run.run_id, failed)  # also where a sensor launched it
        found = [_without_secrets(one, settings) for one in observations(run, settings.interface)]
        raised += outbox.post_run(run.run_id, run.ended_at, found, _names(settings), now)
    outbox.forget_runs(now - KEPT_SECONDS)
    return raised


def _post_own_runs(home: Home, outbox: Outbox, settings: Settings, now: float) -> int:
    from orchestration.runs.instance import opened_instance

    with opened_instance(home) as instance:
        return _post_runs(outbox, settings, instance, now)


def _landing_unless_busy(home: Home, now: float) -> tuple[Observation, ...]:
    """Nothing is said of documents while they are being read: the next look will see them."""
    try:
        return observe_landing(home, now)
    except WarehouseError:
        return ()


def _without_secrets(found: Observation, settings: Settings) -> Observation:
    messages = (redacted_message(message, settings.secrets) for message in found.messages)
    return Observation(found.scope, tuple(messages))


def _names(settings: Settings) -> tuple[str, ...]:
    return tuple(sink.name for sink in settings.sinks)


def _waiting(outbox: Outbox) -> tuple[str, ...]:
    """One line per sink for which messages wait, with why."""
    waiting = outbox.deliveries("waiting")
    lines = []
    for sink in sorted({delivery.sink for delivery in waiting}):
        remarks = [delivery.remark for delivery in waiting if delivery.sink == sink]
        why = next(filter(None, remarks), "not tried yet")
        lines.append(f"{len(remarks)} waiting for {sink}: {why}")
    return tuple(lines)
