-- The years of each study and sample: the spine that index values hang on.
-- Grain: one row per study, region, sample and reference_year.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample
-- sample_order: place of the sample in the study, from 1; null for what was known by an edition
-- reference_year: year
select
    sample.study,
    sample.region,
    sample.sample,
    sample.sample_order,
    cast(year.reference_year as integer) as reference_year
from staging.study_sample as sample
cross join unnest(generate_series(sample.first_year, sample.last_year)) as year (reference_year)
