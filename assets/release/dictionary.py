"""The data dictionary: what every table and column of the warehouse means.

Belongs here: its declaration. Not here: the comments of tables and models, and gathering them
(`sql/queries/release/dictionary.sql`).
"""

from dataclasses import dataclass
from typing import Annotated

from assets.warehouse.tables.row import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class DictionaryRow(
    Row,
    table="release.data_dictionary",
    grain="one row per table and column",
    key=(
        "table_name",
        "column_name",
    ),
):
    """One row per table and column."""

    table_name: Annotated[str, "schema and table"]
    column_order: Annotated[int, "place of the column, from 1"]
    column_name: Annotated[str, "column"]
    type: Annotated[str, "DuckDB type"]
    is_key: Annotated[bool, "whether it is of the primary key; a view has none"]
    joins: Annotated[str, "column that it joins to, by its name; empty where it leads nowhere"]
    meaning: Annotated[str, "what the column holds, with its unit"]
    table_meaning: Annotated[str, "what the table holds, with its grain"]
