-- Classes that may be gone although they were published: of withdrawn documents, those that a card
-- declares missing, and those that the same edition now prints as numbers.
-- Grain: one row per withdrawn document, figure declared missing, and number.
-- region, indicator, definition, reference_year: null where all of a document is meant.
select
    source,
    edition,
    cast(null as varchar) as region,
    cast(null as varchar) as indicator,
    cast(null as varchar) as definition,
    cast(null as integer) as reference_year
from raw.document
where withdrawn is not null
union all
select source, edition, region, indicator, null as definition, reference_year
from raw.coverage
where missing_reason is not null
union all
select source, edition, region, indicator, definition, reference_year
from raw.observation
order by source, edition, region, indicator, definition, reference_year
