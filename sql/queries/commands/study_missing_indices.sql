-- Index values of one study that are missing.
-- Grain: one row per sample and index_id.
-- $study; years: ascending; in_every_year: none of the study's years has a value.
select
    sample,
    index_id,
    list(reference_year order by reference_year) as years,
    count(*) = any_value(last_year - first_year + 1) as in_every_year
from indices.index_value as value
join study.sample as declared using (study, region, sample)
where study = $study and status = 'missing'
group by study, region, sample, value.sample_order, index_id
order by value.sample_order, index_id
