-- What the comments of tables, views and columns say; private ones and the dictionary are left out.
-- Grain: one row per table and column.
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
    and column_.schema_name not in ('micro', 'kept')
order by all
