"""The sensor that watches `landing/`.

Belongs here: asking for a run when a document's content is new. Not here: reading documents.
What looks is loaded when it looks, not by the definitions.
"""

import hashlib
from typing import TYPE_CHECKING

import dagster as dg

from assets.extracts.landed.survey import LandedDocument
from assets.warehouse.errors import WarehouseBusy
from assets.warehouse.home import Home
from assets.warehouse.lock import writer_lock
from orchestration.jobs import ingest

if TYPE_CHECKING:
    from orchestration.landed import AnyLanded

INTERVAL_SECONDS = 5
_DOCUMENTS_TAKEN_IN = dg.AssetKey(["raw", "document"])


def waiting_documents(home: Home) -> "tuple[AnyLanded, ...]":
    """New and changed documents and data sets. Raises WarehouseBusy while a run writes."""
    from assets.warehouse.store import Store
    from orchestration.landed import survey_all, taken_in_before

    home.prepare()
    with writer_lock(home, "landing sensor"):
        return survey_all(home, taken_in_before(home, Store(home.working))).pending


def run_key(waiting: "tuple[AnyLanded, ...]", instance: dg.DagsterInstance) -> str:
    """One key for the content that waits and the last intake before it.

    A touched file gives the same key, a re-issued one not. An intake that failed is not repeated
    until something changes; a document put back to what it said long ago is taken in again.
    """
    last = instance.get_latest_materialization_event(_DOCUMENTS_TAKEN_IN)
    lines = sorted(f"{document.key} {document.content_sha256}" for document in waiting)
    lines.append("" if last is None else str(last.timestamp))
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
    from assets.warehouse.store import Store
    from orchestration.refusals import quarantine_of, show_refusals

    home = Home.from_environment()
    try:
        waiting = waiting_documents(home)
        if not waiting:
            with writer_lock(home, "landing sensor"):
                quarantine = quarantine_of(Store(home.working))
    except WarehouseBusy as busy:
        return dg.SkipReason(
            f"The warehouse is being written by {busy.holder}; looking again soon."
        )
    if not waiting:
        show_refusals(context.instance, quarantine)
        return dg.SkipReason("No document in landing/ is new or changed.")
    names = ", ".join(document.key for document in waiting[:5])
    more = f" and {len(waiting) - 5} more" if len(waiting) > 5 else ""
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(
                run_key(waiting, context.instance), tags={"yearbook/documents": names + more}
            )
        ],
        dynamic_partitions_requests=[
            dg.DynamicPartitionsDefinition(name="document").build_add_request(
                [each.key for each in waiting if isinstance(each, LandedDocument)]
            )
        ],
    )
