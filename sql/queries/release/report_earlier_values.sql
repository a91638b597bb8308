-- The index values of one study as earlier vintages have them, where they differ.
-- Grain: one row per region, sample, index_id, reference_year and vintage.
-- $study, $vintage: earlier than this one; value: null where missing.
select
    region,
    sample,
    index_id,
    reference_year,
    earlier.vintage,
    earlier.value
from model.vintage_index_value as earlier
join model.vintage_index_value as present using (study, region, sample, index_id, reference_year)
where
    study = $study
    and present.vintage = $vintage
    and earlier.vintage < $vintage
    and earlier.value is distinct from present.value
order by region, sample, index_id, reference_year, earlier.vintage
