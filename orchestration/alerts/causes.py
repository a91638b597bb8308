"""Causes outside of runs: documents, editions, and the daemon with its sensors and its schedule.

Belongs here: what in `landing/` and `raw.*` is worth a message, how long the daemon and each sensor
may be silent, and judging what the instance remembers of them. Not here: finished runs (`runs.py`,
which needs Dagster), reading documents, what a sensor does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from assets.extracts.errors import DocumentError
from assets.extracts.landed.survey import awaited_editions, yearly_sources
from assets.warehouse.home import Home
from assets.warehouse.lock import writer_lock
from assets.warehouse.store import Store
from orchestration.alerts.message import Message, Observation, as_time
from orchestration.landed import survey_all, taken_in_before

if TYPE_CHECKING:
    import dagster as dg

TIMEZONE = ZoneInfo("Asia/Shanghai")  # whose year it is, where the publishers are
DAEMON_PAUSE_SECONDS = 300.0  # looks farther apart than this are of two lives of the daemon
DAEMON_SILENCE_SECONDS = 900.0
# Longest silence of each, in seconds: a sensor ticks every few seconds, the schedule every day.
SILENCE_SECONDS: Mapping[str, float] = {
    "landing": 900.0,
    "refit": 900.0,
    "refresh_schedule": 26 * 3600.0,
}


def observe_landing(home: Home, now: float) -> tuple[Observation, ...]:
    """Refused documents and overdue editions. Raises WarehouseBusy while a run writes."""
    with writer_lock(home, "alerts"):
        store = Store(home.working)
        before = taken_in_before(home, store)
        refusals = "select source || '/' || edition, content_sha256, message from raw.quarantine"
        rows = store.rows(refusals) if store.exists("raw.quarantine") else []
        landed = {document.key for document in survey_all(home, before).everything}
    refused = {key: (sha256, message) for key, sha256, message in rows if key in landed}
    this_year = datetime.fromtimestamp(now, TIMEZONE).year
    try:
        due = awaited_editions(before.documents, yearly_sources(home.landing), this_year)
    except DocumentError as error:
        unreadable = Message(
            "edition/list", "error", "landing/awaited.yaml cannot be read", str(error)
        )
        return refused_documents(refused), Observation("edition/", (unreadable,))
    return refused_documents(refused), overdue_editions(due, this_year)


def refused_documents(refused: Mapping[str, tuple[str, str]]) -> Observation:
    """One message per refused document and content: another fault in it is another cause.

    refused: `source/edition` to content sha256 and the error.
    """
    return Observation(
        "document/",
        tuple(
            Message(f"document/{key}/{sha256}", "error", f"document {key} was refused", message)
            for key, (sha256, message) in sorted(refused.items())
        ),
    )


def overdue_editions(due: Mapping[str, int], this_year: int) -> Observation:
    """One message per edition that was awaited until the end of an earlier year.

    due: source to the edition that comes next.
    """
    return Observation(
        "edition/",
        tuple(
            Message(
                f"edition/{source}/{edition}",
                "warning",
                f"edition {edition} of {source} is overdue",
                f"It was awaited until the end of {edition} and is not in.\n"
                f"Put the document and its card into landing/{source}/{edition}/; if it is not "
                "printed any more, take the source out of landing/awaited.yaml.",
            )
            for source, edition in sorted(due.items())
            if edition < this_year
        ),
    )


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
    page = f"{interface}/automation"
    found = (_judge(ticker, up_since, now, page) for ticker in tickers)
    return Observation("tick/", tuple(filter(None, found)))


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


def _judge(ticker: Ticker, up_since: float, now: float, page: str) -> Message | None:
    def wrong(kind: str, what: str, body: str) -> Message:
        return Message(f"tick/{ticker.name}/{kind}", "error", f"{ticker.name} {what}", body, page)

    if not ticker.is_on:
        return wrong("off", "is switched off", "Switch it on in the web interface.")
    if ticker.failure is not None:
        return wrong("failing", "fails", ticker.failure)
    last = max(up_since if ticker.last_tick_at is None else ticker.last_tick_at, 0.0)
    catching_up = now - up_since < DAEMON_SILENCE_SECONDS
    if catching_up or now - last <= SILENCE_SECONDS[ticker.name]:
        return None
    body = f"Its last tick was at {as_time(last)}. Restart `yearbook ui`."
    if ticker.last_tick_at is None:
        body = f"It never ticked, and the daemon runs since {as_time(last)}. Restart `yearbook ui`."
    return wrong("silent", "has stopped", body)


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
