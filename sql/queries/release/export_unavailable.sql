-- Places where a figure is due and none is printed.
-- Grain: one row per source, edition, region, indicator and reference year.
from raw.unavailable
order by source, edition, region, indicator, reference_year
