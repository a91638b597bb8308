-- EG, economic growth: gross product / year-end population; as reported where a document prints EG
-- itself.
-- Grain: one row per study, region, sample and reference_year.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample
-- reference_year: year
-- value: EG, 10,000 yuan per person, current prices; null where missing
-- status: computed, reported or missing
-- reason: why it is missing
with study_gap as (
    select study, map(list(role), list(gap)) as gap from staging.role_gap group by study
),
product as (
    select * from staging.study_cell where role = 'gross_product'
),
population as (
    select * from staging.study_cell where role = 'population_year_end'
),
reported as (
    select * from staging.study_cell where role = 'reported_EG'
)
select
    year.study,
    year.region,
    year.sample,
    year.reference_year,
    -- 100 million yuan over 10,000 persons is 10,000 yuan per person
    coalesce(product.value / population.value, reported.value) as value,
    case
        when product.value / population.value is not null then 'computed'
        when reported.value is not null then 'reported'
        else 'missing'
    end as status,
    case
        when product.value / population.value is null and reported.value is null
            then concat_ws(
                '; ',
                case when product.value is null
                    then gap['gross_product'] || ' for ' || year.reference_year end,
                case when population.value is null
                    then gap['population_year_end'] || ' for ' || year.reference_year end
            )
    end as reason
from staging.study_year as year
left join product using (study, region, sample, reference_year)
left join population using (study, region, sample, reference_year)
left join reported using (study, region, sample, reference_year)
join study_gap using (study)
