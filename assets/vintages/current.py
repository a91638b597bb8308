"""The vintage that is current, and how results come to stand under it.

Belongs here: the one answer to "which vintage", for the working file and for the published one, and
appending under it. Not here: what makes a vintage (`fingerprint.py`), or any result.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from assets.vintages.failures import FailureRow, Failures
from assets.vintages.kept_results import code_digest, keep, take_over, vintage_to_take_over
from assets.vintages.pieces import pieces_of
from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home
from assets.warehouse.tables.row import as_frame
from assets.warehouse.tables.table import Table
from assets.warehouse.texts.spelled import quoted_table
from assets.warehouse.unchanged.reads import recorded

if TYPE_CHECKING:
    import dagster as dg
    import pandas as pd

    from assets.warehouse.resource import Warehouse
    from assets.warehouse.store import Store
    from assets.warehouse.tables.writes import Writes

# As SQL. Names begin with the running number, so their order is that of the vintages.
CURRENT_VINTAGE = "select max(vintage) from model.vintage"


def current_vintage(store: "Store") -> str:
    """The vintage that the working file computes or computed last. Raises WarehouseError."""
    ((name,),) = store.rows(CURRENT_VINTAGE)
    if name is None:
        raise WarehouseError("The working file holds no vintage yet. Run `yearbook refresh`.")
    return str(name)


def published_vintage(home: Home) -> str:
    """The vintage that was published last. Raises NothingPublished."""
    from assets.warehouse.reader import query  # which loads DuckDB

    ((name,),) = query(home, CURRENT_VINTAGE).rows
    return str(name)


def published_vintages(warehouse: "Warehouse") -> list[str]:
    """The names of all published vintages; none before the first publication."""
    return [name for (name,) in warehouse.published_rows("select vintage from model.vintage")]


def refuse_older_working(warehouse: "Warehouse") -> None:
    """Raise WarehouseError where the working file lacks a vintage that is published.

    It was put back as it was before: the next release would lack the vintage as well.
    """
    held = {name for (name,) in warehouse.store.rows("select vintage from model.vintage")}
    lacking = sorted({*published_vintages(warehouse)} - held)
    if lacking:
        home = warehouse.home
        raise WarehouseError(
            f"{home.working} is older than what is published: it lacks vintage "
            f"{', '.join(lacking)}. Nothing was published.\n"
            "  Move it away: `yearbook refresh` makes it anew from the published file."
        )


def vintage_before(warehouse: "Warehouse", vintage: str) -> str | None:
    """The last vintage that was published before this one, whether or not this one is published."""
    ((name,),) = warehouse.store.rows(
        f"{CURRENT_VINTAGE} where vintage < ? and list_contains(?, vintage)",
        [vintage, published_vintages(warehouse)],
    )
    return None if name is None else str(name)


def append_results(
    warehouse: "Warehouse",
    log: "dg.DagsterLogManager",
    tables: Sequence[Table],
    results: "Callable[[Failures], dict[Table, pd.DataFrame]]",
    of_one_vintage: Collection[Table] = (),
) -> "Iterator[dg.MaterializeResult[None]]":
    """Append the results of the current vintage, unless it is published: then its rows stay.

    results: the rows of each table, computed when needed, under the vintage of the failures it is
    given; what an entry fails with is kept there, and stands in `model.failure`. It reads the
    warehouse and `reads.read_file` alone, and writes nothing. Where all that it read is as it was,
    its rows are taken over from the vintage that has them; else each entry that it asks for by
    `pieces.entry_rows` and whose arguments are as they were.
    of_one_vintage: those of the tables that hold the current vintage alone.
    """
    store, current = warehouse.store, current_vintage(warehouse.store)
    taken_over = entries = None
    if current in published_vintages(warehouse):
        log.info(f"Vintage {current} is published; its rows stay as they are.")
    else:
        code_sha256 = warehouse.once(code_digest)
        if not warehouse.full:
            taken_over = vintage_to_take_over(warehouse.home, store, tables, code_sha256)
        if taken_over is None:
            pieces = pieces_of(store, tables[0].name, code_sha256, warehouse.full)
            failures = Failures(current, tables[0].name, pieces=pieces)
            with recorded() as reads:
                frames = results(failures)
            with store.transaction() as writes:
                writes.ensure(*tables, FailureRow.table)
                for table in tables:
                    sound = failures.sound(table, frames[table])
                    writes.replace_where(table, sound, {"vintage": current}, allow_empty=True)
                write_failures(writes, failures)
                pieces.keep(writes)
            entries = pieces.told()
            keep(store, tables, code_sha256, reads, failures)
            for row in failures.rows:
                tell = log.error if row.status == "failed" else log.info
                tell(f"{row.subject}, {row.entry}: {row.reason}")
        elif taken_over != current:
            log.info(f"Nothing that it reads has changed; rows of vintage {taken_over} stand.")
            take_over(store, tables, taken_over, current)
        with store.transaction() as writes:
            for table in of_one_vintage:
                name = quoted_table(table.name)
                writes.connection.execute(f"delete from {name} where vintage <> ?", [current])
    yield from warehouse.materialized(tables, taken_over, entries)


def write_failures(writes: "Writes", failures: Failures) -> None:
    """Put the failures of a step in the place of those it had in this vintage before."""
    writes.replace_where(
        FailureRow.table,
        as_frame(FailureRow, failures.rows),
        {"vintage": failures.vintage, "gap_in": failures.gap_in},
        allow_empty=True,
    )
