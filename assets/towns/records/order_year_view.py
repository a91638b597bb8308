"""The view `micro.order_year` over the sums of orders of all data sets in force.

Belongs here: which sums there are, and making those that are not. Not here: how they are made
(`order_sums.py`).
"""

from dataclasses import dataclass
from pathlib import Path

from assets.towns.records.dataset_intake import checker
from assets.towns.records.dataset_survey import kept_folder
from assets.towns.records.dataset_writing import write_view
from assets.towns.records.order_sums import Orders, order_sums_folder, write_order_sums
from assets.towns.records.record_rows import ORDER_YEAR
from assets.warehouse.home import Home
from assets.warehouse.queries import query_text
from assets.warehouse.store import Store
from assets.warehouse.texts.spelled import literal


@dataclass(frozen=True, slots=True)
class _OrdersInForce:
    """The files of orders of a data set."""

    dataset: str
    content_sha256: str
    files: list[str]


def write_order_year(home: Home, store: Store) -> None:
    """Write the view; the sums of a data set that another version took in are made here.

    A data set that Spark adds up has none. Raises DocumentError.
    """
    selects = [
        f"from read_parquet([{', '.join(literal(file) for file in _sums(home, orders))}])"
        for orders in store.read(_OrdersInForce, query_text("towns/orders_in_force"))
    ]
    with store.transaction() as writes:
        write_view(writes, ORDER_YEAR.name, ORDER_YEAR.grain, ORDER_YEAR.columns, selects)


def _sums(home: Home, orders: _OrdersInForce) -> list[Path]:
    kept = kept_folder(home, orders.dataset, orders.content_sha256)
    folder = order_sums_folder(kept)
    if not folder.is_dir():
        files = {name: kept / name for name in orders.files}
        steps = folder.with_name(f".steps-{folder.name}")
        with checker(home) as connection:
            write_order_sums(connection, Orders(orders.dataset, files), kept, steps, _untold)
    return sorted(folder.iterdir())


def _untold(line: str) -> None:
    """Seldom is anything made here, and then by a step that tells nothing."""
