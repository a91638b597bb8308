"""By which code the raw tables were read, so that what a vintage says of its code is so.

Belongs here: keeping that, asking for it, refusing a state of two codes. Not here: reading (the
doors of the rooms).

What was published last cannot tell: code that read everything otherwise may have been stopped
before it published, and then be taken back; and in the web interface what is read and what is
computed of it are runs of their own, between which the code may change. A vintage of such tables
would say of one code what another one read.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from assets.vintages.fingerprint import definition_fingerprint
from assets.vintages.kept_results import code_digest
from assets.warehouse.errors import WarehouseError
from assets.warehouse.tables.row import Row, as_frame

if TYPE_CHECKING:
    from assets.warehouse.resource import Warehouse
    from assets.warehouse.store import Store

# Of each kind of what lies in landing/, the table with a row for each that is in force.
DOCUMENTS = "raw.document"
KINDS = (DOCUMENTS, "raw.town_dataset", "raw.replication")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadByRow(
    Row, table="kept.read_by", grain="one row per kind of what lies in landing/", key=("kind",)
):
    """The code that read all that is in force of a kind."""

    kind: Annotated[str, "table with a row for each"]
    code_sha256: Annotated[str, "sha256 over code, SQL, studies, checks and versions of libraries"]


@contextmanager
def reading(warehouse: "Warehouse", kind: str) -> Iterator[bool]:
    """A block that reads what waits of a kind; whether all else has to be read again, too.

    So it is where other code read it, where a block before did not come to its end, and where
    everything is computed.
    """
    store, table, code_sha256 = warehouse.store, ReadByRow.table, warehouse.once(code_digest)
    again = warehouse.full or not was_read_by(store, code_sha256, kind)
    store.replace_where(table, as_frame(ReadByRow, []), {"kind": kind}, allow_empty=True)
    yield again
    row = ReadByRow(kind=kind, code_sha256=code_sha256)
    store.replace_where(table, as_frame(ReadByRow, [row]), {"kind": kind})


def was_read_by(store: "Store", code_sha256: str, *kinds: str) -> bool:
    """Whether all that is in force of these kinds was read by this code."""
    name = ReadByRow.table.name
    if not store.exists(name):
        return False
    found = store.rows(f"select kind from {name} where code_sha256 = ?", [code_sha256])
    return {*kinds} <= {kind for (kind,) in found}


def refuse_two_codes(warehouse: "Warehouse") -> None:
    """Raise WarehouseError where the files of the code changed since the run began, or where what
    is in force was read by other code.

    What this process loaded before is not what the files say now, and a vintage names the files.
    """
    now = definition_fingerprint(), code_digest()
    loaded = warehouse.once(definition_fingerprint), warehouse.once(code_digest)
    if now != loaded or not was_read_by(warehouse.store, now[1], *KINDS):
        raise code_changed()


def code_changed() -> WarehouseError:
    """The error about code that is another one than when the work began."""
    return WarehouseError(
        "The code of yearbook changed while it worked: its results would be of neither.\n"
        "  Nothing was published. Run `yearbook refresh`."
    )
