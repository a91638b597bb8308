-- What a later edition printed otherwise.
-- Grain: one row per region, indicator, definition, reference_year and new edition.
from release.revision
-- not by definition, which releases of before lack
order by region, indicator, reference_year, new_edition, new_value
