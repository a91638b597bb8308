"""Alerts as `yearbook status` shows them.

Belongs here: the lines. Not here: finding or sending alerts.
"""

from orchestration.alerts.message import as_time
from orchestration.alerts.outbox import Delivery, Outbox

LAST_SENT = 3


def status_lines(outbox: Outbox, problems: tuple[str, ...]) -> tuple[str, ...]:
    """What stands, what waits or may not have arrived, the last messages sent, wrong settings."""
    unsent = outbox.deliveries("waiting", "sending")
    doubtful = outbox.deliveries("doubtful", "told")
    sent = sorted(outbox.deliveries("sent"), key=lambda delivery: delivery.changed_at)
    return (
        f"alerts     {len(outbox.standing())} causes stand, {len(unsent)} messages unsent, "
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
