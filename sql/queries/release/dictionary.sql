-- What the comments of tables, views and columns say; private ones and the dictionary are left out.
-- Grain: one row per table and column.
-- is_key: of the table's primary key; a view has none. joins: by the column's name, which is the same
-- wherever it means the same; '' where it leads nowhere.
with joined (column_name, joins) as (
    values
        ('indicator', 'catalog.indicator.indicator'),
        ('index_id', 'catalog.indicator.indicator'),
        ('term', 'catalog.indicator.indicator'),
        ('region', 'catalog.region.region'),
        ('study', 'catalog.study.study'),
        ('dataset', 'catalog.study.study'),
        ('source', 'catalog.document.source, with edition'),
        ('edition', 'catalog.document.edition, with source'),
        ('vintage', 'model.vintage.vintage'),
        ('town_id', 'raw.town.town_id, with dataset'),
        ('sample', 'study.sample.sample, with study and region'),
        ('definition', 'raw.definition.definition, with indicator')
)
select
    column_.schema_name || '.' || column_.table_name as table_name,
    column_.column_index as column_order,
    column_.column_name,
    column_.data_type as type,
    list_contains(coalesce(key.constraint_column_names, []), column_.column_name) as is_key,
    case
        when starts_with(
            coalesce(joined.joins, ''),
            column_.schema_name || '.' || column_.table_name || '.' || column_.column_name
        )
            then ''
        else coalesce(joined.joins, '')
    end as joins,
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
left join duckdb_constraints() as key
    on key.database_name = column_.database_name
    and key.schema_name = column_.schema_name
    and key.table_name = column_.table_name
    and key.constraint_type = 'PRIMARY KEY'
left join joined on joined.column_name = column_.column_name
where column_.database_name = current_database() and column_.table_name <> 'data_dictionary'
    and column_.schema_name not in ('micro', 'kept')
order by all
