-- The rows that a fit of a study of series was given.
-- Grain: one row per region, reference_year and variable, the dependent one first.
-- $study, $region, $sample; region 'panel': all regions of the study.
select
    taken.region,
    taken.reference_year,
    taken.variable,
    taken.value,
    declared.unit
from current.input as taken
left join study.variable as declared
    on declared.study = taken.study and declared.index_id = taken.variable
where
    taken.study = $study
    and $region in (taken.region, 'panel')
    and taken.sample = $sample
order by taken.region, taken.reference_year, declared.variable_order, taken.variable
