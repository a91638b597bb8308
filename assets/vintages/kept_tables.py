"""Tables made of other tables, which stand as long as those hold what they held.

Belongs here: what is kept of such a table, whether it still stands, and making it. Not here:
results of a vintage (`kept_results.py`), and what makes any table (`sql/`, the rooms).

A table taken for what it would be, and is not, is the worst fault this system can have. So it is
made again unless everything is the same: code, SQL and versions of libraries (as a whole), each row
of each table that it is made of, and their order, on which the last bit of a sum may hang, and its
own rows as they lie in the working file.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated

from assets.vintages.kept_results import code_digest
from assets.vintages.table_content import TableContent, content_query
from assets.warehouse.tables.row import Row
from assets.warehouse.texts.spelled import quoted_table

if TYPE_CHECKING:
    from assets.warehouse.resource import Warehouse
    from assets.warehouse.store import Store
    from assets.warehouse.tables.writes import Writes

UNCHANGED = "unchanged"  # in the metadata of a step whose table stands


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeTableRow(
    Row,
    table="kept.made_table",
    grain="one row per table that is made of others",
    key=("made",),
):
    """What a table was made of when it was last made."""

    made: Annotated[str, "the table"]
    code_sha256: Annotated[str, "sha256 over code, SQL, studies, checks and versions of libraries"]
    made_of: Annotated[str, "JSON: each table that it is made of with a digest of its rows"]
    rows: Annotated[str, "digest of its own rows"]


@dataclass(frozen=True, slots=True)
class Made:
    """A table or view as it is now."""

    rows: int | None  # None: not counted
    stands: bool  # it was not made again

    def told(self) -> dict[str, int | bool]:
        """What the step's metadata say of it."""
        counted = {} if self.rows is None else {"dagster/row_count": self.rows}
        return {**counted, **({UNCHANGED: True} if self.stands else {})}


def make_of_tables(
    warehouse: "Warehouse",
    name: str,
    made_of: Sequence[str],
    make: "Callable[[Writes], object]",
    beside: str = "",
) -> Made:
    """Make a table out of others, unless it stands as it was made before.

    made_of: all tables and views that `make` reads; a view counts by its rows. beside: a digest of
    whatever else it reads. make: writes the table, in a transaction of its own, and raises what
    stops the step.
    """
    store, known = warehouse.store, warehouse.once(_Known)
    held = {each: known.content(store, each).digest for each in made_of}
    kept = known.kept(store).get(name)
    asked = MadeTableRow(
        made=name,
        code_sha256=warehouse.once(code_digest),
        made_of=json.dumps([held, beside]),
        rows="" if kept is None else kept.rows,
    )
    if kept == asked and not warehouse.full and store.exists(name):
        there = known.content(store, name)
        if there.digest == asked.rows:
            return Made(there.n, stands=True)
    with store.transaction() as writes:
        make(writes)
        found = writes.connection.execute(content_query(quoted_table(name))).fetchall()
        there = TableContent(*found[0])
        writes.ensure(MadeTableRow.table)
        writes.connection.execute(f"delete from {MadeTableRow.table.name} where made = ?", [name])
        writes.insert(replace(asked, rows=there.digest))
    known.contents[name] = there
    return Made(there.n, stands=False)


@dataclass(slots=True)
class _Known:
    """What is known of the working file in one run, in which each table has one step that writes
    it, before any that reads it."""

    contents: dict[str, TableContent] = field(default_factory=dict)
    _kept: dict[str, MadeTableRow] | None = None

    def content(self, store: "Store", name: str) -> TableContent:
        """What a table or view holds."""
        if name not in self.contents:
            (content,) = store.read(TableContent, content_query(quoted_table(name)))
            self.contents[name] = content
        return self.contents[name]

    def kept(self, store: "Store") -> dict[str, MadeTableRow]:
        """What was kept before this run, by table."""
        if self._kept is None:
            name = MadeTableRow.table.name
            rows = store.read(MadeTableRow, f"from {name}") if store.exists(name) else []
            self._kept = {row.made: row for row in rows}
        return self._kept
