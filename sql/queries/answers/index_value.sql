-- One index of one year in every study that has it, or in one study.
-- Grain: one row per study, region and sample.
-- $index, $year, $study: null for all. reason: why there is no value.
select
    value.study,
    value.region,
    value.sample,
    value.index_id,
    value.reference_year,
    value.value,
    value.unit,
    value.status,
    value.reason,
    value.quality
from indices.index_value as value
join study.sample using (study, region, sample)
where
    value.index_id = $index
    and value.reference_year = $year
    and value.study = coalesce($study, value.study)
order by value.study, value.region, value.sample
