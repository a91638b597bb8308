-- The tables that hold rows of several vintages.
-- Grain: one row per table of the schema `model` with a column `vintage`.
select table_name
from duckdb_columns()
join duckdb_tables() using (schema_name, table_name)
where schema_name = 'model' and column_name = 'vintage'
order by table_name
