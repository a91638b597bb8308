-- AIG, agricultural income growth: (income - income of the year before) / income of the year
-- before, both from one edition and by one definition, or over a bridge between two; as reported
-- where a document prints AIG itself.
-- Grain: one row per study, region, sample and reference_year.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample
-- reference_year: year
-- value: AIG, ratio; null where missing
-- status: computed, bridged (over a change of definition, by a stated rule), reported or missing
-- reason: why it is missing, or what bridges the change
with reported as (
    select * from staging.study_cell where role = 'reported_AIG'
),
growth as (
    select
        study,
        region,
        sample,
        reference_year,
        (income_100m_cny - income_before_100m_cny) / income_before_100m_cny as value,
        bridge
    from staging.agricultural_income_growth_pair
)
select
    year.study,
    year.region,
    year.sample,
    year.reference_year,
    coalesce(growth.value, reported.value) as value,
    case
        when growth.value is not null and growth.bridge is not null then 'bridged'
        when growth.value is not null then 'computed'
        when reported.value is not null then 'reported'
        else 'missing'
    end as status,
    case
        when growth.value is not null then growth.bridge
        when reported.value is null and change.reason is not null then change.reason
        when reported.value is null
            then
                case
                    when role_gap.gap like 'no print%'
                        then 'no edition prints agricultural income of both '
                    else role_gap.gap || ' for '
                end || year.reference_year || ' and ' || (year.reference_year - 1)
    end as reason
from staging.study_year as year
left join growth using (study, region, sample, reference_year)
left join reported using (study, region, sample, reference_year)
left join staging.agricultural_income_break as change using (study, region, sample, reference_year)
join staging.role_gap as role_gap
    on role_gap.study = year.study and role_gap.role = 'agricultural_income'
