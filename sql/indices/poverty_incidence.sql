-- PI, poverty incidence: poor persons / persons counted; as reported where a document prints the
-- incidence itself and not both of its inputs.
-- Grain: one row per study, region, sample and reference_year.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample
-- reference_year: year
-- value: PI, ratio; null where missing
-- status: computed, reported or missing
-- reason: why it is missing
with study_gap as (
    select study, map(list(role), list(gap)) as gap from staging.role_gap group by study
),
poor as (
    select * from staging.study_cell where role = 'poor_persons'
),
counted as (
    select * from staging.study_cell where role = 'persons_counted'
),
reported as (
    select * from staging.study_cell where role = 'reported_PI'
)
select
    year.study,
    year.region,
    year.sample,
    year.reference_year,
    coalesce(
        poor.value / counted.value,
        case when reported.unit = 'pct' then reported.value / 100 else reported.value end
    ) as value,
    case
        when poor.value / counted.value is not null then 'computed'
        when reported.value is not null then 'reported'
        else 'missing'
    end as status,
    case
        when poor.value / counted.value is null and reported.value is null
            then concat_ws(
                '; ',
                gap['reported_PI'] || ' for ' || year.reference_year,
                case when poor.value is null
                    then replace(gap['poor_persons'], 'no print of', 'nor of') end,
                case when counted.value is null
                    then replace(gap['persons_counted'], 'no print of', 'nor of') end
            )
    end as reason
from staging.study_year as year
left join poor using (study, region, sample, reference_year)
left join counted using (study, region, sample, reference_year)
left join reported using (study, region, sample, reference_year)
join study_gap using (study)
