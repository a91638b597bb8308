"""Schema `current`: each table of results without the vintages of before.

Results are appended vintage by vintage, so that without a filter each comes as often as it was
computed. These views have the rows of the vintage published last alone, under the columns of the
table. Belongs here: the views of single tables. Not here: the one over all studies
(`sql/current/result.sql`).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assets.poverty.result_tables import MODEL_TABLES
from assets.provinces.result_rows import PROVINCE_TABLES
from assets.replication.replication_rows import REPLICATION_TABLES
from assets.towns.study.result_rows import TOWN_STUDY_TABLES
from assets.vintages.current import CURRENT_VINTAGE
from assets.vintages.failures import FailureRow
from assets.vintages.vintage_rows import VINTAGE_TABLES
from assets.warehouse.tables.table import Table
from assets.warehouse.texts.spelled import quoted

if TYPE_CHECKING:
    from assets.warehouse.tables.writes import Writes

OF_VINTAGES: tuple[Table, ...] = (
    *VINTAGE_TABLES,
    *MODEL_TABLES,
    *PROVINCE_TABLES,
    *REPLICATION_TABLES,
    *TOWN_STUDY_TABLES,
    FailureRow.table,
)


def view_name(table: Table) -> str:
    """current.fit for model.fit."""
    return f"current.{table.name.partition('.')[2]}"


def create_current_views(writes: "Writes", tables: Sequence[Table] = OF_VINTAGES) -> None:
    """Make the view of each table; a table that no step has written yet is made empty."""
    writes.ensure(*tables)
    for table in tables:
        columns = ", ".join(quoted(column.name) for column in table.columns)
        key = [name for name in table.primary_key if name != "vintage"]
        grain = f"one row per {', '.join(key)}" if key else "one row per warehouse"
        _, colon, what = table.grain.partition(":")  # what some grains add: the effect of …
        # `in`, not `=`: above a filter by a scalar subquery DuckDB 2.0.0 forgets a LIMIT.
        about = f"{table.name} of the vintage published last alone"
        writes.create_view(
            view_name(table),
            f"select {columns} from {table.name} where vintage in ({CURRENT_VINTAGE})",
            f"A view: {about}. Grain: {grain}{colon}{what}.",
            {column.name: column.comment for column in table.columns},
            allow_empty=True,
        )
