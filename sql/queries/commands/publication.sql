-- What was published last, and what it was computed from.
-- Grain: one row.
-- $vintage: the one published last; created_at: UTC.
select
    vintage,
    input_fingerprint,
    definition_fingerprint,
    cast(created_at as varchar) as created_at
from model.vintage
where vintage = $vintage
