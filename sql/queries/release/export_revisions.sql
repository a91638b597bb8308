-- What a later edition printed otherwise.
-- Grain: one row per region, indicator, reference_year and new edition.
from release.revision
order by region, indicator, reference_year, new_edition
