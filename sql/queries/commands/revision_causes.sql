-- Why editions revised indicators, by the latest vintage, the largest mean change first.
-- Grain: one row per region, indicator, definition and edition.
-- $vintage; $region, $indicator: only this one; null for all.
select
    region,
    indicator,
    definition,
    edition,
    revised,
    reprinted,
    left_out,
    first_year,
    last_year,
    mean_pct,
    inferred,
    stated,
    cause
from model.revision_cause
where
    vintage = $vintage
    and region = coalesce($region, region)
    and indicator = coalesce($indicator, indicator)
order by abs(mean_pct) desc nulls last, region, indicator, definition, edition
