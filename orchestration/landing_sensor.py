"""The sensor that watches `landing/`.

Belongs here: asking for a run when a document's content is new. Not here: reading documents.
"""

import hashlib

import dagster as dg

from assets.extracts.intake import taken_before
from assets.extracts.survey import LandedDocument, survey_landing
from assets.warehouse.errors import WarehouseBusy
from assets.warehouse.home import Home
from assets.warehouse.lock import writer_lock
from assets.warehouse.store import Store
from orchestration.jobs import ingest

INTERVAL_SECONDS = 10


def waiting_documents(home: Home) -> tuple[LandedDocument, ...]:
    """New and changed documents. Raises WarehouseBusy while a run writes."""
    home.prepare()
    with writer_lock(home, "landing sensor"):
        return survey_landing(home.landing, taken_before(Store(home.working))).pending


def run_key(waiting: tuple[LandedDocument, ...]) -> str:
    """One key for one state of content: a touched file gives the same key, a re-issued one not."""
    lines = sorted(f"{document.key} {document.content_sha256}" for document in waiting)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@dg.sensor(
    name="landing",
    job=ingest,
    minimum_interval_seconds=INTERVAL_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Takes a document in when it, or its card, is new or says something new.",
)
def landing_sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Ask for one run for all documents that wait; skip, with the reason, where none does."""
    try:
        waiting = waiting_documents(Home.from_environment())
    except WarehouseBusy as busy:
        return dg.SkipReason(
            f"The warehouse is being written by {busy.holder}; looking again soon."
        )
    if not waiting:
        return dg.SkipReason("No document in landing/ is new or changed.")
    names = ", ".join(document.key for document in waiting[:5])
    more = f" and {len(waiting) - 5} more" if len(waiting) > 5 else ""
    return dg.SensorResult(
        run_requests=[dg.RunRequest(run_key(waiting), tags={"yearbook/documents": names + more})],
        dynamic_partitions_requests=[
            dg.DynamicPartitionsDefinition(name="document").build_add_request(
                [document.key for document in waiting]
            )
        ],
    )
