"""The data dictionary: what every table and column of the warehouse means.

Belongs here: gathering the comments that tables and models carry. Not here: the comments.
"""

from assets.warehouse.table import Column, Table

DATA_DICTIONARY = Table(
    name="release.data_dictionary",
    grain="one row per table and column",
    columns=(
        Column("table_name", "VARCHAR", "schema and table"),
        Column("column_order", "INTEGER", "place of the column, from 1"),
        Column("column_name", "VARCHAR", "column"),
        Column("type", "VARCHAR", "DuckDB type"),
        Column("meaning", "VARCHAR", "what the column holds, with its unit"),
        Column("table_meaning", "VARCHAR", "what the table holds, with its grain"),
    ),
    primary_key=("table_name", "column_name"),
)

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
