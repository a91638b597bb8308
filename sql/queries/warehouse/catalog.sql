-- All that describes a database besides its rows, private schemas left out.
-- Grain: one row per column, constraint, table, view and macro.
-- Parameters: name, of the database; private, the schemas left out.
-- DuckDB sets other parentheses and spaces in a view of three branches of a union once its file
-- has been closed and opened: a view is compared without them.
select *
from (
    select
        schema_name, table_name, column_name, column_index::varchar, data_type,
        is_nullable::varchar, comment
    from duckdb_columns()
    where database_name = $name and not internal
    union all
    select schema_name, table_name, constraint_type, constraint_text, '', '', ''
    from duckdb_constraints()
    where database_name = $name
    union all
    select schema_name, table_name, 'table', '', '', '', comment
    from duckdb_tables()
    where database_name = $name and not internal
    union all
    select schema_name, view_name, 'view', regexp_replace(sql, '[\s()]', '', 'g'), '', '', comment
    from duckdb_views()
    where database_name = $name and not internal
    union all
    select
        schema_name, function_name, 'macro', macro_definition,
        parameters::varchar, '', comment
    from duckdb_functions()
    where database_name = $name and not internal
)
where not list_contains($private, schema_name)
order by all
