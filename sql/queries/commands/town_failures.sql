-- What of the town study was to be computed and was not, and why.
-- Grain: one row per entry.
-- $vintage, $dataset.
select
    coalesce(nullif(entry, ''), gap_in) as entry,
    status,
    reason
from model.failure
where vintage = $vintage and subject = $dataset
order by gap_in, failure_order
