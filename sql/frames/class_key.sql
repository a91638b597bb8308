-- Figures that a warehouse holds as classes, to be compared with the last published one.
-- Grain: one row per source, edition, region, indicator, definition and reference_year.
select source, edition, region, indicator, definition, reference_year
from raw.interval
order by source, edition, region, indicator, definition, reference_year
