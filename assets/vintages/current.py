"""The vintage that is current, and how results come to stand under it.

Belongs here: the one answer to "which vintage", for the working file and for the published one, and
appending under it. Not here: what makes a vintage (`fingerprint.py`), or any result.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from assets.vintages.fingerprint import definition_fingerprint
from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home
from assets.warehouse.reader import query
from assets.warehouse.store import Store
from assets.warehouse.table import Table

if TYPE_CHECKING:
    import dagster as dg
    import pandas as pd

    from assets.warehouse.resource import Warehouse

# Names begin with the running number, so their order is that of the vintages.
_CURRENT = "select max(vintage) from model.vintage"


def current_vintage(store: Store) -> str:
    """The vintage that the working file computes or computed last. Raises WarehouseError."""
    ((name,),) = store.rows(_CURRENT)
    if name is None:
        raise WarehouseError("The working file holds no vintage yet. Run `yearbook refresh`.")
    return str(name)


def published_vintage(home: Home) -> str:
    """The vintage that was published last. Raises NothingPublished."""
    ((name,),) = query(home, _CURRENT).rows
    return str(name)


def published_vintages(warehouse: "Warehouse") -> list[str]:
    """The names of all published vintages; none before the first publication."""
    return [name for (name,) in warehouse.published_rows("select vintage from model.vintage")]


def vintage_before(warehouse: "Warehouse", vintage: str) -> str | None:
    """The last vintage that was published before this one, whether or not this one is published."""
    ((name,),) = warehouse.store.rows(
        f"{_CURRENT} where vintage < ? and list_contains(?, vintage)",
        [vintage, published_vintages(warehouse)],
    )
    return None if name is None else str(name)


def append_results(
    warehouse: "Warehouse",
    log: "dg.DagsterLogManager",
    tables: Sequence[Table],
    results: "Callable[[str], dict[Table, pd.DataFrame]]",
) -> "Iterator[dg.MaterializeResult[None]]":
    """Append the results of the current vintage, unless it is published: then its rows stay.

    results: from the name of the vintage to the rows of each table, computed when needed.
    """
    current = current_vintage(warehouse.store)
    if current in published_vintages(warehouse):
        log.info(f"Vintage {current} is published; its rows stay as they are.")
    else:
        frames = results(current)
        with warehouse.store.transaction() as writes:
            for table in tables:
                writes.replace_where(table, frames[table], {"vintage": current}, allow_empty=True)
    yield from warehouse.materialized(tables)


def definitions_changed(warehouse: "Warehouse") -> bool:
    """Whether code, SQL or studies differ from those of the last published vintage."""
    last = warehouse.published_rows(
        "select definition_fingerprint from model.vintage order by vintage desc limit 1"
    )
    return last != [(definition_fingerprint(),)]
