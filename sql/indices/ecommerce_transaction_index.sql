-- IM, e-commerce transaction index: e-commerce transaction value / gross product; as reported
-- where a document prints IM itself.
-- Grain: one row per study, region, sample and reference_year.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample
-- reference_year: year
-- value: IM, ratio; null where missing
-- status: computed, reported or missing
-- reason: why it is missing
with study_gap as (
    select study, map(list(role), list(gap)) as gap from staging.role_gap group by study
),
transaction_value as (
    select * from staging.study_cell where role = 'ecommerce_transaction_value'
),
product as (
    select * from staging.study_cell where role = 'gross_product'
),
reported as (
    select * from staging.study_cell where role = 'reported_IM'
)
select
    year.study,
    year.region,
    year.sample,
    year.reference_year,
    coalesce(transaction_value.value / product.value, reported.value) as value,
    case
        when transaction_value.value / product.value is not null then 'computed'
        when reported.value is not null then 'reported'
        else 'missing'
    end as status,
    case
        when transaction_value.value / product.value is null and reported.value is null
            then concat_ws(
                '; ',
                case when transaction_value.value is null
                    then gap['ecommerce_transaction_value'] || ' for ' || year.reference_year end,
                case when product.value is null
                    then gap['gross_product'] || ' for ' || year.reference_year end
            )
    end as reason
from staging.study_year as year
left join transaction_value using (study, region, sample, reference_year)
left join product using (study, region, sample, reference_year)
left join reported using (study, region, sample, reference_year)
join study_gap using (study)
