-- What may be gone although it was published: figures of withdrawn documents, and those a card
-- declares missing.
-- Grain: one row per withdrawn document, and one per figure declared missing.
-- region, indicator, reference_year: null where all of a document is meant.
select
    source,
    edition,
    cast(null as varchar) as region,
    cast(null as varchar) as indicator,
    cast(null as integer) as reference_year
from raw.document
where withdrawn is not null
union all
select source, edition, region, indicator, reference_year
from raw.coverage
where missing_reason is not null
order by source, edition, region, indicator, reference_year
