"""Alerts about documents: refused ones, and editions that are overdue.

Belongs here: what in `landing/` and `raw.*` is worth a message. Not here: reading documents.
"""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from assets.extracts.errors import DocumentError
from assets.extracts.intake import taken_before
from assets.extracts.survey import awaited_editions, yearly_sources
from assets.warehouse.home import Home
from assets.warehouse.lock import writer_lock
from assets.warehouse.store import Store
from orchestration.alerts.message import Message, Observation
from orchestration.landed import survey_all

TIMEZONE = ZoneInfo("Asia/Shanghai")  # whose year it is, where the publishers are


def observe_landing(home: Home, now: float) -> tuple[Observation, ...]:
    """Refused documents and overdue editions. Raises WarehouseBusy while a run writes."""
    with writer_lock(home, "alerts"):
        store = Store(home.working)
        taken = taken_before(store)
        rows = store.rows(_REFUSED) if store.exists("raw.quarantine") else []
        landed = {document.key for document in survey_all(home).everything}
    refused = {key: (sha256, message) for key, sha256, message in rows if key in landed}
    this_year = datetime.fromtimestamp(now, TIMEZONE).year
    try:
        due = awaited_editions(taken, yearly_sources(home.landing), this_year)
    except DocumentError as error:
        return refused_documents(refused), _unreadable_list(error)
    return refused_documents(refused), overdue_editions(due, this_year)


_REFUSED = "select source || '/' || edition, content_sha256, message from raw.quarantine"


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


def _unreadable_list(error: DocumentError) -> Observation:
    message = Message("edition/list", "error", "landing/awaited.yaml cannot be read", str(error))
    return Observation("edition/", (message,))
