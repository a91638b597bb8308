"""The frame a suite is judged on: a table, a query of `sql/frames`, or what was published before.

Belongs here: asking for it, and comparing published with working rows. Not here: the queries, and
how the database is opened (the `warehouse` resource).
"""

from typing import TYPE_CHECKING, Protocol

from assets.towns.records.engines.record_steps import from_kept
from orchestration.checks.suite_file import Suite

if TYPE_CHECKING:
    import pandas as pd


class Warehouse(Protocol):
    """What a check needs of the `warehouse` resource."""

    def frame(self, sql: str) -> "pd.DataFrame":
        """Rows of a SELECT on the working file."""
        ...

    def published_frame(self, sql: str) -> "pd.DataFrame | None":
        """Rows of a SELECT on the last published file; None before the first publication."""
        ...


def load_frame(suite: Suite, warehouse: Warehouse) -> "pd.DataFrame":
    """The frame a suite is judged on, from the working file and, if it asks, the published one."""
    sql = from_kept(suite.name, suite.sql, lambda asked: len(warehouse.frame(asked)) > 0)
    working = warehouse.frame(sql)
    if not suite.compare_with_published:
        return working
    published = warehouse.published_frame(suite.sql)
    compared = still_there(working.iloc[:0] if published is None else published, working)
    if suite.excused_sql is None:
        return compared
    return without_excused(compared, warehouse.frame(suite.excused_sql))


def still_there(published: "pd.DataFrame", working: "pd.DataFrame") -> "pd.DataFrame":
    """Published rows with `still_there`: True where the working rows hold the same one.

    Both frames have the same columns, all of them keys. Missing keys count as equal.
    """
    known = set(working.astype(object).where(working.notna(), None).itertuples(index=False))
    rows = published.astype(object).where(published.notna(), None).itertuples(index=False)
    return published.assign(still_there=[tuple(row) in known for row in rows])


def without_excused(compared: "pd.DataFrame", excused: "pd.DataFrame") -> "pd.DataFrame":
    """The rows no row of `excused` speaks of; its columns are keys, and a null stands for any."""
    spoken_of: dict[tuple[str, ...], set[tuple[object, ...]]] = {}
    for row in excused.astype(object).where(excused.notna(), None).to_dict("records"):
        columns = tuple(str(name) for name, value in row.items() if value is not None)
        spoken_of.setdefault(columns, set()).add(tuple(row[name] for name in columns))
    keys = compared.astype(object).to_dict("records")
    kept = [
        not any(tuple(row[n] for n in columns) in known for columns, known in spoken_of.items())
        for row in keys
    ]
    return compared.loc[kept]
