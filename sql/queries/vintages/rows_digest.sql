-- How many rows a vintage has in a table of results, and 128 bits that hang on each of their cells.
-- A row counts as it is written out, as in table_digest.sql.
-- Grain: one row; fields of kept_results._Rows. {table} stands for the table.
select
    count(*) as n,
    coalesce(bit_xor(hash(said)), 0)::varchar
    || ' ' || coalesce(sum(hash(said, 'again')::hugeint), 0)::varchar as digest
from (
    select result::varchar as said
    from (select * exclude (vintage) from {table} where vintage = $vintage) as result
)
