-- Whether a year has every variable of its study's model, and which it lacks. A study without a
-- model uses every year.
-- Grain: one row per study, region, sample and reference_year.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample
-- reference_year: year
-- is_complete: true where no variable of the model is missing
-- missing: the missing variables with the reasons
select
    value.study,
    value.region,
    value.sample,
    value.reference_year,
    coalesce(bool_and(value.value is not null) filter (where variable.role <> 'index'), true)
        as is_complete,
    string_agg(value.index_id || ': ' || value.reason, ' | ' order by variable.variable_order)
        filter (where variable.role <> 'index' and value.value is null) as missing
from indices.index_value as value
join study.variable as variable
    on variable.study = value.study and variable.index_id = value.index_id
group by value.study, value.region, value.sample, value.reference_year
