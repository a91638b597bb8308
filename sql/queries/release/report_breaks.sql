-- The years in which an index of one study changes the definition of a figure behind it.
-- Grain: one row per sample, index_id, reference_year and reason.
-- $study; reason: of growth of agricultural income as its own table says it, else the figure and
-- the definitions of the year before and of the year.
with input as (
    select
        sample,
        index_id,
        reference_year,
        indicator,
        definition,
        lag(definition) over (
            partition by region, sample, index_id, indicator order by reference_year
        ) as definition_before
    from indices.index_input
    join study.sample using (study, region, sample)
    where study = $study and index_id <> 'AIG' and input_year = reference_year
)
select distinct
    sample,
    'AIG' as index_id,
    reference_year,
    reason
from staging.agricultural_income_break
join study.sample using (study, region, sample)
where study = $study
union
select
    sample,
    index_id,
    reference_year,
    indicator || ': ' || definition_before || ', then ' || definition as reason
from input
where definition <> definition_before
order by sample, index_id, reference_year, reason
