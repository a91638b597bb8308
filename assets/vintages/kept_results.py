"""Results that a new vintage takes over from the one before, since nothing they hang on changed.

Belongs here: what is kept of a computation, whether it still holds, and copying its rows under the
new vintage. Not here: what a computation reads (`assets/warehouse/unchanged/reads.py`).

A result taken over wrongly is the worst fault this system can have. So a step is computed again
unless everything is the same: code, SQL, studies and versions of libraries (as a whole, not those
of the step), each thing that it read, in order, and its own rows as they lie in the working file.
A step with an entry that failed by a fault of the program is always computed again.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

from assets.vintages.failures import FailureRow, Failures
from assets.vintages.fingerprint import definition_fingerprint, library_versions
from assets.warehouse.queries import query_text
from assets.warehouse.tables.row import Row, as_frame
from assets.warehouse.tables.table import Table
from assets.warehouse.texts.spelled import quoted, quoted_table
from assets.warehouse.unchanged.reads import Reads, reads_from_json

if TYPE_CHECKING:
    from assets.warehouse.home import Home
    from assets.warehouse.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputationRow(
    Row,
    table="kept.computation",
    grain="one row per step that computes results",
    key=("step",),
):
    """What the step computed last, and all that it hangs on."""

    step: Annotated[str, "first table that it fills"]
    vintage: Annotated[str, "vintage under which its rows stand"]
    code_sha256: Annotated[str, "sha256 over code, SQL, studies, checks and versions of libraries"]
    reads: Annotated[str, "JSON: what it read, in order, with the sha256 of each answer"]
    rows: Annotated[str, "JSON: for each of its tables the count and a digest of its rows"]


def code_digest() -> str:
    """sha256 over all that may change what the same inputs give; `warehouse.once(code_digest)`."""
    return code_digest_of(definition_fingerprint())


def code_digest_of(definitions: str) -> str:
    """The same, where the fingerprint of the definitions is known."""
    versions = json.dumps(library_versions(), sort_keys=True)
    return hashlib.sha256(f"{definitions} {versions}".encode()).hexdigest()


def vintage_to_take_over(
    home: "Home", store: "Store", tables: Sequence[Table], code_sha256: str
) -> str | None:
    """The vintage whose rows of these tables are those that would be computed now, if any is."""
    if not store.exists(ComputationRow.table.name):
        return None
    kept = store.read(
        ComputationRow,
        f"from {ComputationRow.table.name} where step = ? and code_sha256 = ?",
        [tables[0].name, code_sha256],
    )
    if not kept or not store.would_read(reads_from_json(kept[0].reads), home.root):
        return None
    same = kept[0].rows == _rows(store, tables, kept[0].vintage)
    return kept[0].vintage if same else None


def take_over(store: "Store", tables: Sequence[Table], before: str, vintage: str) -> None:
    """Copy the rows of a vintage, and its failures, under another one."""
    step = {"step": tables[0].name}
    with store.transaction() as writes:
        for table in (*tables, FailureRow.table):
            name, of = quoted_table(table.name), {}
            where = "vintage = $vintage"
            if table is FailureRow.table:
                where, of = f"{where} and gap_in = $step", step
            columns = ", ".join(quoted(c.name) for c in table.columns if c.name != "vintage")
            writes.connection.execute(
                f"delete from {name} where {where}", {"vintage": vintage, **of}
            )
            writes.connection.execute(
                f"insert into {name} (vintage, {columns}) select $new, {columns} from {name} "
                f"where {where} order by all",
                {"new": vintage, "vintage": before, **of},
            )
        writes.connection.execute(
            f"update {ComputationRow.table.name} set vintage = $vintage where step = $step",
            {"vintage": vintage, **step},
        )


def keep(
    store: "Store", tables: Sequence[Table], code_sha256: str, reads: Reads, failures: Failures
) -> None:
    """Keep what a step hangs on, or nothing where that is not known or an entry failed."""
    said, kept = reads.as_json(failures.vintage), []
    if said is not None and all(row.status == "refused" for row in failures.rows):
        kept = [
            ComputationRow(
                step=tables[0].name,
                vintage=failures.vintage,
                code_sha256=code_sha256,
                reads=said,
                rows=_rows(store, tables, failures.vintage),
            )
        ]
    store.replace_where(
        ComputationRow.table,
        as_frame(ComputationRow, kept),
        {"step": tables[0].name},
        allow_empty=True,
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one vintage in one table."""

    n: int
    digest: str


def _rows(store: "Store", tables: Sequence[Table], vintage: str) -> str:
    found = {}
    for table in tables:
        sql = query_text("vintages/rows_digest").format(table=quoted_table(table.name))
        (rows,) = store.read(_Rows, sql, {"vintage": vintage})
        found[table.name] = asdict(rows)
    return json.dumps(found)
