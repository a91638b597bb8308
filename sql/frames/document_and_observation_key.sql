-- What a warehouse holds, to be compared with the last published one.
-- Grain: one row per document, and one per source, edition, region, indicator and reference_year.
-- Net income is a definition of rural_disposable_income_per_head; releases of before have it as an
-- indicator of its own.
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
select distinct
    'observation',
    source,
    edition,
    region,
    case indicator
        when 'rural_net_income_per_head' then 'rural_disposable_income_per_head'
        else indicator
    end as indicator,
    reference_year
from raw.observation
order by kind, source, edition, region, indicator, reference_year
