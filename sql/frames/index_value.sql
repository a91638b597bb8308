-- Index values, with whether any document prints a zero for that region and year.
-- Grain: one row per study, region, sample, reference_year and index_id.
-- value: unit as in the column unit; zero_printed: true, false.
select
    index_value.*,
    exists (
        select 1
        from raw.observation as observation
        where observation.region = index_value.region
            and observation.reference_year = index_value.reference_year
            and observation.value = 0
    ) as zero_printed
from indices.index_value as index_value
order by study, region, sample_order, reference_year, index_id
