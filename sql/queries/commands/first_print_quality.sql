-- How good first prints of each indicator are, by the latest vintage.
-- Grain: one row per region and indicator.
-- $vintage; $region: only this one; null for all; a definition other than the indicator's own
-- stands behind its name.
select
    region,
    indicator || case when definition = 'own' then '' else ' (' || definition || ')' end
        as indicator,
    editions,
    mean_pct,
    bias,
    bias_p,
    years,
    nature,
    p_news,
    p_noise,
    p_efficient,
    efficient_horizon
from model.first_print
where vintage = $vintage and region = coalesce($region, region) and editions > 0
order by abs(mean_pct) desc, region, indicator
