-- Index values min-max normalised within the years their study uses: (x - min) / (max - min).
-- May be empty, where no study has a year with all its variables.
-- Grain: one row per study, region, sample, index_id and reference_year with a value.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample
-- reference_year: year
-- index_id: PI, AIG, IM, CEI, aEDI, EG or an index of the study's own
-- value: in the index's own unit
-- minimum: smallest value over the years used
-- maximum: largest value over the years used
-- normalised: 0 to 1; null where the index does not vary
with used as (
    select
        value.study,
        value.region,
        value.sample,
        value.reference_year,
        value.index_id,
        value.value
    from indices.index_value as value
    join indices.estimation_year as year using (study, region, sample, reference_year)
    where year.is_complete and value.value is not null
)
select
    study,
    region,
    sample,
    reference_year,
    index_id,
    value,
    min(value) over over_years as minimum,
    max(value) over over_years as maximum,
    (value - min(value) over over_years)
        / nullif(max(value) over over_years - min(value) over over_years, 0) as normalised
from used
window over_years as (partition by study, region, sample, index_id)
