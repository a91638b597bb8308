-- Index values of every study, region and sample.
-- Grain: one row per study, region, sample, index_id and reference_year.
from indices.index_value
order by study, region, sample_order, index_id, reference_year
