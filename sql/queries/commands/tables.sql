-- The tables of the published warehouse that speak of a word.
-- Grain: one row per table.
-- $word: in the name or meaning of the table or of a column, in any case; empty for all.
select
    table_name as "table",
    count(*) as columns,
    any_value(table_meaning) as meaning
from release.data_dictionary
group by table_name
having
    bool_or(
        contains(
            lower(concat_ws(' ', table_name, table_meaning, column_name, meaning)), lower($word)
        )
    )
order by table_name
