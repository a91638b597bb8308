"""Sending what waits in the outbox.

Belongs here: the order of marking and sending, and when a sink that failed is tried again. Not
here: finding causes, the form of a notice.

What is guaranteed: no message is handed to a sink again after it may have taken it, and none is
dropped before it surely did, but for one case. Where the process dies, or the connection breaks,
between handing over and hearing the answer, nobody can know: the log file is looked at and
completed, so that it holds every message exactly once; a webhook or mail server is not sent the
message again, `yearbook status` lists it, and the next notice to that sink names its number.
"""

from collections.abc import Callable, Sequence

from orchestration.alerts.message import Notice, as_notices, redacted, with_doubts
from orchestration.alerts.outbox import Delivery, Outbox
from orchestration.alerts.settings import Settings
from orchestration.alerts.sinks.sink import NotAccepted, PerhapsAccepted, Sink

FIRST_REST_SECONDS = 30.0
LONGEST_REST_SECONDS = 3600.0


def deliver(
    outbox: Outbox, settings: Settings, clock: Callable[[], float], heed_rests: bool
) -> int:
    """Send to every sink what waits for it; how many messages a sink other than the log took.

    heed_rests: leave a sink that failed alone for a while, longer each time, up to an hour. Where
    another process is sending, nothing is sent here.
    """
    with outbox.sole_sender() as alone:
        if not alone:
            return 0
        taken = {
            sink.name: _deliver_to(outbox, sink, settings.secrets, clock, heed_rests)
            for sink in settings.sinks
        }
    return sum(count for name, count in taken.items() if name != "log")


def _deliver_to(
    outbox: Outbox,
    sink: Sink,
    secrets: Sequence[str],
    clock: Callable[[], float],
    heed_rests: bool,
) -> int:
    _settle_interrupted(outbox, sink, clock)
    waiting = outbox.deliveries("waiting", sink=sink.name)
    if heed_rests and _rests(waiting, clock()):
        return 0
    taken = 0
    for notice in as_notices([delivery.posted for delivery in waiting], sink.may_digest):
        if not _send(outbox, sink, notice, secrets, clock):
            break  # a sink that is down is tried once; the rest waits
        taken += len(notice.numbers)
    return taken


def _send(
    outbox: Outbox, sink: Sink, notice: Notice, secrets: Sequence[str], clock: Callable[[], float]
) -> bool:
    doubtful = outbox.deliveries("doubtful", sink=sink.name)
    doubts = [delivery.posted.number for delivery in doubtful]
    outbox.mark(notice.numbers, sink.name, "sending", clock())
    try:
        remark = sink.send(with_doubts(notice, doubts))
    except NotAccepted as error:
        problem = redacted(str(error), secrets)
        outbox.mark(notice.numbers, sink.name, "waiting", clock(), problem)
        return False
    except PerhapsAccepted as error:
        problem = redacted(str(error), secrets)
        outbox.mark(notice.numbers, sink.name, "doubtful", clock(), problem)
        return False
    outbox.mark(notice.numbers, sink.name, "sent", clock(), redacted(remark, secrets))
    outbox.mark(doubts, sink.name, "told", clock())
    return True


def _settle_interrupted(outbox: Outbox, sink: Sink, clock: Callable[[], float]) -> None:
    """Deliveries of a sender that died: only one sends at a time, so they are nobody's."""
    for delivery in outbox.deliveries("sending", sink=sink.name):
        (notice,) = as_notices([delivery.posted], may_digest=False)
        arrived = sink.has(notice)
        if arrived is None:
            remark = "the process died while it was being sent"
            outbox.mark(notice.numbers, sink.name, "doubtful", clock(), remark)
        else:
            outbox.mark(notice.numbers, sink.name, "sent" if arrived else "waiting", clock())


def _rests(waiting: Sequence[Delivery], now: float) -> bool:
    """Whether the last failure is too recent; each one doubles the rest.

    One that lies ahead, since the clock went back, is no reason to wait for it.
    """
    failed = [delivery for delivery in waiting if delivery.attempts]
    if not failed:
        return False
    doublings = min(max(delivery.attempts for delivery in failed) - 1, 10)
    rest = min(FIRST_REST_SECONDS * (1 << doublings), LONGEST_REST_SECONDS)
    return 0 <= now - max(delivery.changed_at for delivery in failed) < rest
