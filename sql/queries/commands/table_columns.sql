-- The columns of one table, in their order.
-- Grain: one row per column.
-- $table; meaning: with the unit.
select
    column_name as "column",
    type,
    meaning,
    table_meaning
from release.data_dictionary
where table_name = $table
order by column_order
