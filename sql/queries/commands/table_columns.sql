-- The columns of one table, in their order.
-- Grain: one row per column.
-- $table; key: marks columns of the primary key; joins: the column it leads to; meaning: with unit.
select
    column_name as "column",
    type,
    case when is_key then 'key' else '' end as key,
    joins,
    meaning,
    table_meaning
from release.data_dictionary
where table_name = $table
order by column_order
