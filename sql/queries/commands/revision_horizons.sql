-- How far figures of each indicator have moved from their first print, by the latest vintage.
-- Grain: one row per region, indicator, definition and horizon.
-- $vintage; $region, $indicator: only this one; null for all; horizon: count of later prints.
select
    region,
    indicator,
    definition,
    horizon,
    years,
    mean_pct,
    mean_absolute_pct,
    low_pct,
    high_pct
from model.revision_horizon
where
    vintage = $vintage
    and region = coalesce($region, region)
    and indicator = coalesce($indicator, indicator)
    and mean_absolute_pct > 0
order by max(mean_absolute_pct) over (partition by region, indicator, definition) desc,
    region, indicator, definition, horizon
