-- The documents that are set aside, but for data sets and published studies ($other_studies).
-- Grain: one row per document refused; key is source/edition.
select
    source || '/' || edition as key,
    content_sha256,
    message
from raw.quarantine
where not list_contains($other_studies, source)
order by all
