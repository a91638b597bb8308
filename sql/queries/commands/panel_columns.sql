-- The columns whose values `where-from` knows with --region.
-- Grain: one row per column.
select distinct column_name
from duckdb_columns()
where schema_name = 'provinces' and table_name in ('province_panel', 'poverty_class')
order by column_name
