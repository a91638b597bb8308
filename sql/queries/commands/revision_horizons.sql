-- How far figures of each indicator have moved from their first print, by the latest vintage.
-- Grain: one row per region, indicator and horizon.
-- $vintage; $region: only this one; null for all; horizon: count of later prints.
select
    region,
    indicator || case when definition = 'own' then '' else ' (' || definition || ')' end
        as indicator,
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
    and mean_absolute_pct > 0
order by max(mean_absolute_pct) over (partition by region, indicator, definition) desc,
    region, indicator, horizon
