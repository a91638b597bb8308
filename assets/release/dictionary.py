"""The data dictionary: what every table and column of the warehouse means.

Belongs here: gathering the comments that tables and models carry. Not here: the comments.
"""

from dataclasses import dataclass
from typing import Annotated

from assets.warehouse.row import Row


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
    meaning: Annotated[str, "what the column holds, with its unit"]
    table_meaning: Annotated[str, "what the table holds, with its grain"]


DICTIONARY_SQL = """
select
    column_.schema_name || '.' || column_.table_name as table_name,
    column_.column_index as column_order,
    column_.column_name,
    column_.data_type as type,
    coalesce(column_.comment, '') as meaning,
    coalesce(table_.comment, '') as table_meaning
from duckdb_columns() as column_
join (
    select database_name, schema_name, table_name, comment from duckdb_tables()
    union all
    select database_name, schema_name, view_name, comment from duckdb_views()
) as table_
    on table_.database_name = column_.database_name
    and table_.schema_name = column_.schema_name
    and table_.table_name = column_.table_name
where column_.database_name = current_database() and column_.table_name <> 'data_dictionary'
    and column_.schema_name <> 'micro'
order by all
"""
