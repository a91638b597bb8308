"""What is set aside because it cannot be read: documents, data sets and published studies alike.

Belongs here: the rows of raw.quarantine, and what the working file knows of each from before. Not
here: why something is refused, or what is accepted.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from assets.extracts.document_rows import QuarantineRow, ReadDocumentRow
from assets.extracts.errors import DocumentError
from assets.extracts.landed.survey import Taken
from assets.warehouse.queries import query_text

if TYPE_CHECKING:
    from assets.warehouse.store import Store
    from assets.warehouse.tables.writes import Writes

_TABLE = QuarantineRow.table.name
_READ = f"from {ReadDocumentRow.table.name}"


def refusal(source: str, edition: str, content_sha256: str, error: DocumentError) -> QuarantineRow:
    """The row of what was refused. source, edition: its folder and the one in it."""
    return QuarantineRow(
        source=source,
        edition=edition,
        content_sha256=content_sha256,
        file=error.file,
        message=str(error),
    )


def quarantine(writes: "Writes", refused: Sequence[QuarantineRow]) -> None:
    """Set aside what was refused, in place of what was wrong with it before.

    Without a frame: where all is refused, nothing else needs pandas, which takes long to load.
    """
    writes.ensure(QuarantineRow.table)
    for row in sorted(refused, key=lambda row: row.key):
        end_quarantine(writes, row.source, row.edition)
        writes.insert(row)


def keep_read(writes: "Writes", read: Sequence[ReadDocumentRow]) -> None:
    """Keep how each document was read, in place of how it was read before."""
    name = ReadDocumentRow.table.name
    writes.ensure(ReadDocumentRow.table)
    for row in read:
        writes.connection.execute(
            f"delete from {name} where source = ? and edition = ?", [row.source, row.edition]
        )
        writes.insert(row)


def end_quarantine(writes: "Writes", source: str, edition: str) -> None:
    """Forget what was wrong with something, since it was accepted or is refused anew."""
    writes.connection.execute(
        f"delete from {_TABLE} where source = ? and edition = ?", [source, edition]
    )


def forget_refusals(writes: "Writes", source: str, landed: Collection[str]) -> None:
    """Forget refusals in a folder of `landing/` of what lies there no more. landed: names in it."""
    writes.connection.execute(
        f"delete from {_TABLE} where source = ? and not list_contains(?, edition)",
        [source, sorted(landed)],
    )


def taken_before(store: "Store") -> dict[str, Taken]:
    """What is known of every document from before, keyed `source/edition`."""
    if not store.exists(_TABLE):
        return {}
    read = {}
    if store.exists(ReadDocumentRow.table.name):
        read = {row.key: row for row in store.read(ReadDocumentRow, _READ)}
    rows = store.rows(query_text("extracts/taken_before"))
    return {
        key: Taken(
            accepted,
            refused,
            read[key].before_sha256 if key in read else "",
            key in read and read[key].of_machine,
        )
        for key, accepted, refused in rows
    }


def taken_in_folder(store: "Store", source: str, accepted: Mapping[str, str]) -> dict[str, Taken]:
    """What is known of everything in a folder of `landing/` from before, keyed `source/name`.

    accepted: content hashes of what is in force, by name.
    """
    refused: dict[str, str] = {}
    if store.exists(_TABLE):
        asked = f"select edition, content_sha256 from {_TABLE} where source = ?"
        refused = dict(store.rows(asked, [source]))
    return {
        f"{source}/{name}": Taken(accepted.get(name), refused.get(name))
        for name in {*accepted, *refused}
    }
