-- How many rows a table has, and 128 bits that hang on each of their cells and on their order.
-- A row counts as it is written out: `hash` itself takes for the same what `=` does, as 0.0 and
-- -0.0, and NULL for an empty list.
-- Grain: one row; fields of TableContent. The source is a table, or a SELECT in parentheses.
select
    count(*) as n,
    coalesce(bit_xor(hash(said)), 0)::varchar
    || ' ' || coalesce(sum(hash(said, 'again')::hugeint), 0)::varchar as digest
from (
    select numbered::varchar as said
    from (select *, row_number() over () as place from {source}) as numbered
)
