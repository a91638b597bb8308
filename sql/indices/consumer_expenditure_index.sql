-- CEI, consumer expenditure index: online shopping consumption per head / disposable income per
-- head, both in yuan; as reported where a document prints CEI itself. The paper divides a total
-- by an income per head; per head both ways, the index is a share of income.
-- Grain: one row per study, region, sample and reference_year.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample
-- reference_year: year
-- value: CEI, ratio; null where missing
-- status: computed, reported or missing
-- reason: why it is missing
with study_gap as (
    select study, map(list(role), list(gap)) as gap from staging.role_gap group by study
),
shopping as (
    select * from staging.study_cell where role = 'online_shopping_consumption'
),
population as (
    select * from staging.study_cell where role = 'population_year_end'
),
income as (
    select * from staging.study_cell where role = 'disposable_income_per_head'
),
reported as (
    select * from staging.study_cell where role = 'reported_CEI'
),
computed as (
    -- 100 million yuan over 10,000 persons is 10,000 yuan per person
    select
        study,
        region,
        sample,
        reference_year,
        shopping.value / population.value * 10000 / income.value as value
    from shopping
    join population using (study, region, sample, reference_year)
    join income using (study, region, sample, reference_year)
)
select
    year.study,
    year.region,
    year.sample,
    year.reference_year,
    coalesce(computed.value, reported.value) as value,
    case
        when computed.value is not null then 'computed'
        when reported.value is not null then 'reported'
        else 'missing'
    end as status,
    case
        when computed.value is null and reported.value is null
            then concat_ws(
                '; ',
                case when shopping.value is null
                    then gap['online_shopping_consumption'] || ' for ' || year.reference_year end,
                case when population.value is null
                    then gap['population_year_end'] || ' for ' || year.reference_year end,
                case when income.value is null
                    then gap['disposable_income_per_head'] || ' for ' || year.reference_year end
            )
    end as reason
from staging.study_year as year
left join computed using (study, region, sample, reference_year)
left join shopping using (study, region, sample, reference_year)
left join population using (study, region, sample, reference_year)
left join income using (study, region, sample, reference_year)
left join reported using (study, region, sample, reference_year)
join study_gap using (study)
