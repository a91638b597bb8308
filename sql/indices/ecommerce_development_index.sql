-- aEDI, e-commerce development index: 0.5 IM + 0.5 CEI; as reported where a document prints aEDI
-- itself.
-- Grain: one row per study, region, sample and reference_year.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample
-- reference_year: year
-- value: aEDI, ratio; null where missing
-- status: computed, reported or missing
-- reason: why it is missing
with reported as (
    select * from staging.study_cell where role = 'reported_aEDI'
)
select
    im.study,
    im.region,
    im.sample,
    im.reference_year,
    coalesce(0.5 * im.value + 0.5 * cei.value, reported.value) as value,
    case
        when im.value + cei.value is not null then 'computed'
        when reported.value is not null then 'reported'
        else 'missing'
    end as status,
    case
        when im.value + cei.value is null and reported.value is null
            then concat_ws('; ', 'IM: ' || im.reason, 'CEI: ' || cei.reason)
    end as reason
from indices.ecommerce_transaction_index as im
join indices.consumer_expenditure_index as cei using (study, region, sample, reference_year)
left join reported using (study, region, sample, reference_year)
