"""Alerts about the daemon, its sensors and its schedule: stopped, silent or failing.

Belongs here: how long each may be silent, and judging what the instance remembers of them. Not
here: what a sensor or the schedule does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.alerts.message import Message, Observation, as_time

if TYPE_CHECKING:
    import dagster as dg

DAEMON_PAUSE_SECONDS = 300.0  # looks farther apart than this are of two lives of the daemon
DAEMON_SILENCE_SECONDS = 900.0
# Longest silence of each, in seconds: a sensor ticks every few seconds, the schedule every day.
SILENCE_SECONDS: Mapping[str, float] = {
    "landing": 900.0,
    "refit": 900.0,
    "refresh_schedule": 26 * 3600.0,
}


@dataclass(frozen=True, slots=True)
class Ticker:
    """What is known of one sensor or schedule."""

    name: str
    is_on: bool
    last_tick_at: float | None  # seconds since 1970, UTC
    failure: str | None  # error of the last finished tick, where it failed


def observe_ticks(
    instance: "dg.DagsterInstance", up_since: float, now: float, interface: str
) -> Observation:
    """What is wrong with sensors and schedule, seen from within the daemon.

    up_since: when the daemon began to look without a pause, seconds since 1970; interface:
    address of the web interface.
    """
    return judge_tickers(_tickers(instance), up_since, now, interface)


def judge_tickers(
    tickers: Iterable[Ticker], up_since: float, now: float, interface: str
) -> Observation:
    """One message per sensor or schedule that is off, silent for too long, or failing.

    Silence counts only where the daemon was up for a quarter of an hour: before, it is catching up.
    """
    found = [_judge(ticker, up_since, now) for ticker in tickers]
    return Observation(
        "tick/",
        tuple(
            Message(
                f"tick/{name}/{kind}", "error", f"{name} {title}", body, f"{interface}/automation"
            )
            for name, kind, title, body in filter(None, found)
        ),
    )


def judge_daemon(last_look: float | None, now: float) -> Observation:
    """Whether the daemon still looks, seen from the command line; None: it never ran."""
    if last_look is None or now - last_look <= DAEMON_SILENCE_SECONDS:
        return Observation("daemon/")
    message = Message(
        "daemon/silent",
        "warning",
        "the daemon has stopped",
        f"Its sensor `alerts` last looked at {as_time(last_look)}. Documents in landing/ are not "
        "taken in by themselves, and the schedule does not run.\n"
        "Start it with `yearbook ui`, or switch the sensor on; whoever refreshes by hand needs "
        "neither.",
    )
    return Observation("daemon/", (message,))


def _judge(ticker: Ticker, up_since: float, now: float) -> tuple[str, str, str, str] | None:
    if not ticker.is_on:
        return ticker.name, "off", "is switched off", "Switch it on in the web interface."
    if ticker.failure is not None:
        return ticker.name, "failing", "fails", ticker.failure
    last = max(up_since if ticker.last_tick_at is None else ticker.last_tick_at, 0.0)
    catching_up = now - up_since < DAEMON_SILENCE_SECONDS
    if catching_up or now - last <= SILENCE_SECONDS[ticker.name]:
        return None
    body = f"Its last tick was at {as_time(last)}. Restart `yearbook ui`."
    if ticker.last_tick_at is None:
        body = f"It never ticked, and the daemon runs since {as_time(last)}. Restart `yearbook ui`."
    return ticker.name, "silent", "has stopped", body


def _tickers(instance: "dg.DagsterInstance") -> tuple[Ticker, ...]:
    """Those of SILENCE_SECONDS that the daemon has met; renamed ones of old are left out."""
    from dagster._core.scheduler.instigation import InstigatorStatus, TickStatus

    finished = [TickStatus.SUCCESS, TickStatus.SKIPPED, TickStatus.FAILURE]
    found = []
    for state in instance.all_instigator_state():
        if state.instigator_name not in SILENCE_SECONDS:
            continue
        place = (state.instigator_origin_id, state.selector_id)
        ticks = instance.get_ticks(*place, limit=1)
        ended = instance.get_ticks(*place, limit=1, statuses=finished)
        failed = bool(ended) and ended[0].status == TickStatus.FAILURE
        error = ended[0].error if failed else None
        found.append(
            Ticker(
                name=state.instigator_name,
                is_on=state.status != InstigatorStatus.STOPPED,
                last_tick_at=ticks[0].timestamp if ticks else None,
                failure=("" if error is None else error.message.strip()) if failed else None,
            )
        )
    return tuple(found)
