-- How many rows a table has, and 128 bits that hang on each of their cells and on their order.
-- Grain: one row; fields of TableContent. The source is a table, or a SELECT in parentheses.
select
    count(*) as n,
    coalesce(bit_xor(hash(numbered)), 0)::varchar
    || ' ' || coalesce(sum(hash(numbered, 'again')::hugeint), 0)::varchar as digest
from (select *, row_number() over () as place from {source}) as numbered
