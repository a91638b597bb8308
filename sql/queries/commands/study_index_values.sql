-- The index values of one study.
-- Grain: one row per index_id, sample, region and reference_year.
-- $study; value: null where missing.
select
    index_id,
    unit,
    sample,
    region,
    reference_year,
    value
from indices.index_value
where study = $study
order by index_id, sample_order, region, reference_year
