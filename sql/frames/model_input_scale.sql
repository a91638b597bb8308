-- What min-max normalising made of each variable of a sample.
-- Grain: one row per study, region, sample and variable.
-- varies: whether the values differ, so that there is a range to normalise by.
-- normalised_min, normalised_max: 0 to 1; unnormalised (rows without a normalised value), at_min,
-- at_max, years, years_of_sample, roles: counts.
with sample_year as (
    select study, region, sample, count(distinct reference_year) as years_of_sample
    from indices.model_input
    group by study, region, sample
)
select
    model_input.study,
    model_input.region,
    model_input.sample,
    model_input.variable,
    min(model_input.value) < max(model_input.value) as varies,
    count(*) filter (
        where model_input.normalised is null or isnan(model_input.normalised)
    ) as unnormalised,
    min(model_input.normalised) as normalised_min,
    max(model_input.normalised) as normalised_max,
    count(*) filter (where model_input.normalised = 0) as at_min,
    count(*) filter (where model_input.normalised = 1) as at_max,
    count(distinct model_input.reference_year) as years,
    sample_year.years_of_sample,
    count(distinct model_input.role) as roles
from indices.model_input as model_input
join sample_year using (study, region, sample)
group by
    model_input.study, model_input.region, model_input.sample, model_input.variable,
    sample_year.years_of_sample
order by model_input.study, model_input.region, model_input.sample, model_input.variable
