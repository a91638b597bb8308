"""The yearly refresh: when to look for the new yearbook, and which edition is awaited.

Belongs here: the calendar. Not here: what a refresh does.
"""

from datetime import datetime

import dagster as dg

from assets.extracts.errors import DocumentError
from assets.extracts.landed.quarantine import taken_before
from assets.extracts.landed.survey import awaited_editions, yearly_sources
from assets.warehouse.errors import WarehouseBusy
from assets.warehouse.home import Home
from assets.warehouse.lock import writer_lock
from orchestration.jobs import refresh
from orchestration.landing_sensor import waiting_documents

TIMEZONE = "Asia/Shanghai"
RELEASE_MONTHS = (9, 10, 11, 12)  # yearbooks come out from September to December
WEEKLY_DAY = 0  # Monday


def is_day_to_look(day: datetime) -> bool:
    """Daily in the months when yearbooks come out, on Mondays otherwise."""
    return day.month in RELEASE_MONTHS or day.weekday() == WEEKLY_DAY


def awaited(home: Home, this_year: int) -> str:
    """The editions still awaited, in words. Raises WarehouseBusy, DocumentError."""
    from assets.warehouse.store import Store  # loads DuckDB, which the definitions do without

    home.prepare()
    with writer_lock(home, "refresh schedule"):
        taken = taken_before(Store(home.working))
    due = awaited_editions(taken, yearly_sources(home.landing), this_year)
    return (
        ", ".join(f"{source} {edition}" for source, edition in due.items())
        or f"no edition up to {this_year}: all that print yearly are in"
    )


@dg.schedule(
    job=refresh,
    cron_schedule="0 6 * * *",
    execution_timezone=TIMEZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Refreshes when a new edition lies in landing/: daily in September to December, "
    "on Mondays otherwise.",
)
def refresh_schedule(
    context: dg.ScheduleEvaluationContext,
) -> dg.RunRequest | dg.SkipReason:
    """Ask for a refresh where documents wait; otherwise say which editions are awaited."""
    day = context.scheduled_execution_time
    if not is_day_to_look(day):
        return dg.SkipReason(
            f"Outside September to December it looks on Mondays; {day:%A} is none."
        )
    home = Home.from_environment()
    try:
        waiting = waiting_documents(home)
        if waiting:
            return dg.RunRequest(tags={"yearbook/documents": str(len(waiting))})
        return dg.SkipReason(f"Nothing new in landing/. Waiting for {awaited(home, day.year)}.")
    except WarehouseBusy as busy:
        return dg.SkipReason(f"The warehouse is being written by {busy.holder}.")
    except DocumentError as error:
        return dg.SkipReason(str(error))
