"""Taking documents in: read each one, set the bad ones aside, and write the rest whole.

Belongs here: the order of work over many documents and the rows they become. Not here: reading one
document (`document.py`), deciding which ones wait (`survey.py`), Dagster.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assets.extracts.document import Document, document_frames
from assets.extracts.document_rows import TABLES, QuarantineRow, ReadDocumentRow
from assets.extracts.errors import DocumentError
from assets.extracts.landed.quarantine import keep_read, quarantine, refusal
from assets.extracts.landed.reading import Task, read_whole
from assets.extracts.landed.survey import OTHER_STUDIES, LandedDocument
from assets.extracts.meaning.definition_rows import (
    BridgeRow,
    DefinitionRow,
    bridge_rows,
    definition_rows,
)
from assets.extracts.meaning.registry import indicators, regions
from assets.extracts.meaning.registry_rows import (
    IndicatorRow,
    RegionRow,
    indicator_rows,
    region_rows,
)
from assets.warehouse.store import Store
from assets.warehouse.tables.row import as_frame
from assets.warehouse.tables.writes import Writes


@dataclass(frozen=True, slots=True)
class Intake:
    """What one reading of the waiting documents gave."""

    accepted: tuple[tuple[LandedDocument, Document], ...]
    refused: tuple[QuarantineRow, ...]
    read: tuple[ReadDocumentRow, ...] = ()  # a row for each of all
    # Tracebacks of what no check foresaw, by key of the document, for the log.
    unforeseen: Mapping[str, str] = field(default_factory=dict)


def tasks(
    landing: Path,
    waiting: Sequence[LandedDocument],
    this_year: int | None = None,
    pages: Path | None = None,
) -> list[Task]:
    """What `read_documents` asks to be read, in its order."""
    return [Task(landed, landing, this_year, pages) for landed in waiting]


def read_documents(
    landing: Path,
    waiting: Sequence[LandedDocument],
    progress: Callable[[str], None],
    this_year: int | None = None,
    pages: Path | None = None,
    read: Callable[[Task], Document] = read_whole,
) -> Intake:
    """Read every waiting document; one that cannot be read is refused and the others go on.

    this_year, pages: as `Task` has them. read: how one is read, in a process of its own where the
    documents are many or from anywhere (`ReadingProcess.read`).
    """
    accepted: list[tuple[LandedDocument, Document]] = []
    refused: list[QuarantineRow] = []
    unforeseen: dict[str, str] = {}
    rows: list[ReadDocumentRow] = []
    for number, task in enumerate(tasks(landing, waiting, this_year, pages), start=1):
        landed = task.landed
        progress(f"reading document {number} of {len(waiting)}: {landed.key}")
        of_machine = False
        try:
            accepted.append((landed, read(task)))
        except DocumentError as error:
            of_machine = any(fault.of_machine for fault in error.every)
            refused.append(refusal(landed.source, landed.edition, landed.content_sha256, error))
            if traces := [fault.trace for fault in error.every if fault.trace]:
                unforeseen[landed.key] = "\n".join(traces)
        row = ReadDocumentRow(
            source=landed.source,
            edition=landed.edition,
            before_sha256=landed.before_sha256,
            of_machine=of_machine,
        )
        rows.append(row)
    return Intake(tuple(accepted), tuple(refused), tuple(rows), unforeseen)


def write_intake(store: Store, intake: Intake) -> None:
    """Write what was read, in one transaction.

    An accepted document replaces what the same source and edition said before and ends its
    quarantine. A refused one leaves what it said before as it was.
    """
    frames = document_frames([document for _, document in intake.accepted])
    with store.transaction() as writes:
        writes.ensure(*TABLES)
        for table in TABLES:
            for landed, _ in intake.accepted:
                writes.connection.execute(
                    f"delete from {table.name} where source = ? and cast(edition as varchar) = ?",
                    [landed.source, landed.edition],
                )
            if len(frames.get(table.name, ())):
                writes.append(table, frames[table.name])
        write_registry(writes)
        quarantine(writes, intake.refused)
        keep_read(writes, intake.read)


def write_registry(writes: Writes) -> None:
    """Write which indicators, definitions of them, bridges between these and regions are known."""
    writes.replace(
        IndicatorRow.table, as_frame(IndicatorRow, indicator_rows(indicators().values()))
    )
    writes.replace(RegionRow.table, as_frame(RegionRow, region_rows(regions())))
    known = {key: each.definitions for key, each in indicators().items() if each.definitions}
    writes.replace(DefinitionRow.table, as_frame(DefinitionRow, definition_rows(known)))
    writes.replace(BridgeRow.table, as_frame(BridgeRow, bridge_rows(known)), allow_empty=True)


def forget_gone(store: Store, landed: Collection[str], published: Collection[str]) -> None:
    """Forget refusals, and documents never published, whose folder is gone from `landing/`.

    landed, published: keys `source/edition`. So whoever takes back a document that a blocking check
    stopped is rid of it. What readers have seen stands, although its folder is gone.
    """
    if not store.exists(QuarantineRow.table.name):
        return
    with store.transaction() as writes:
        writes.ensure(ReadDocumentRow.table)
        for table in (*TABLES, ReadDocumentRow.table):
            kept = {*landed} if table is QuarantineRow.table else {*landed, *published}
            writes.connection.execute(
                f"delete from {table.name} where not list_contains(?, source) "
                "and not list_contains(?, source || '/' || cast(edition as varchar))",
                [list(OTHER_STUDIES), sorted(kept)],
            )
