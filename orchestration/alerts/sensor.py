"""The sensor that tells someone.

Belongs here: how often the daemon looks. Not here: what is looked at (`look.py`).
"""

import dagster as dg

from assets.warehouse.home import Home

INTERVAL_SECONDS = 30


@dg.sensor(
    name="alerts",
    minimum_interval_seconds=INTERVAL_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Tells of failed runs and checks, refused documents, overdue editions, and of "
    "sensors or a schedule that stopped: one message per cause.",
)
def alerts_sensor(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Look and send; it never asks for a run."""
    from orchestration.alerts.look import look_from_daemon  # what is loaded when it looks

    look = look_from_daemon(Home.from_environment().prepare(), context.instance)
    said = f"{look.raised} new messages, {look.sent} sent."
    return dg.SkipReason(" ".join((said, *look.waiting)))
