-- The revisions that came in with the latest vintage, the largest first.
-- Grain: one row per region, indicator, reference_year and new edition.
select
    region,
    indicator,
    reference_year,
    old_source || ' ' || old_edition as old_print,
    new_source || ' ' || new_edition as new_print,
    old_value,
    new_value,
    unit,
    change_pct
from release.revision
where is_new
order by abs(change_pct) desc nulls first, region, indicator, reference_year, new_edition
