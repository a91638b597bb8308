-- The values of one index in one year.
-- Grain: one row per study, region and sample.
-- $index_id, $year; $study, $region: only this one; null for all; value: null where missing.
select
    value.study,
    value.region,
    value.sample,
    value.value,
    value.unit,
    value.status,
    value.reason,
    value.quality,
    declared.title,
    declared.formula
from indices.index_value as value
join study.variable as declared using (study, index_id)
where
    index_id = $index_id
    and reference_year = $year
    and coalesce(study = $study, true)
    and coalesce(region = $region, true)
order by value.study, value.region, value.sample_order
