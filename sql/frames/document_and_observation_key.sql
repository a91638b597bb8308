-- What a warehouse holds, to be compared with the last published one.
-- Grain: one row per document, and one per observation.
-- reference_year: year; null and '' for documents, which have no year, region or indicator.
select
    'document' as kind,
    source,
    edition,
    '' as region,
    '' as indicator,
    cast(null as integer) as reference_year
from raw.document
union all
select 'observation', source, edition, region, indicator, reference_year
from raw.observation
order by kind, source, edition, region, indicator, reference_year
