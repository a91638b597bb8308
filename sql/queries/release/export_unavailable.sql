-- Places where a figure is due and none is printed.
-- Grain: one row per source, edition, region, indicator, definition and reference year.
from raw.unavailable
-- not by definition, which releases of before lack
order by source, edition, region, indicator, reference_year, cell
