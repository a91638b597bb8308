"""Whether all that waits is refused: then nothing downstream changes, and no run is needed.

Belongs here: reading what waits ahead of a run, and setting it aside. Not here: the reading
(`assets/extracts/landed/intake.py`), and showing what is refused (`refusals.py`).
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from assets.extracts.document_rows import QuarantineRow, ReadDocumentRow
from assets.extracts.landed.intake import read_documents
from assets.extracts.landed.quarantine import keep_read, quarantine
from assets.extracts.landed.reading_once import Reader
from assets.extracts.landed.survey import LandedDocument, Survey
from assets.warehouse.home import Home
from assets.warehouse.store import Store
from orchestration.commands.pages.progress_line import ProgressLine
from orchestration.landed import AnyLanded


def refused_throughout(
    home: Home, store: Store, survey: Survey[AnyLanded], reader: Reader
) -> Mapping[str, str] | None:
    """Set aside what waits if none of it can be taken in; None where a run is needed.

    The first that is accepted ends it: the run asks `reader` for that one and for the others.
    Returns tracebacks of faults that no check foresaw, by key of the document.
    """
    documents = [landed for landed in survey.pending if isinstance(landed, LandedDocument)]
    if len(documents) < len(survey.pending):
        return None
    year = datetime.now(UTC).year
    refused: list[QuarantineRow] = []
    read: list[ReadDocumentRow] = []
    unforeseen: dict[str, str] = {}
    with ProgressLine("reading documents", len(documents)) as line:
        for number, landed in enumerate(documents):
            line.at(number)
            intake = read_documents(
                home.landing, [landed], lambda _: None, year, home.pages, reader.read_ahead
            )
            if intake.accepted:
                return None
            refused += intake.refused
            read += intake.read
            unforeseen |= intake.unforeseen
    if refused:
        with store.transaction() as writes:
            quarantine(writes, refused)
            keep_read(writes, read)
    return unforeseen
