-- How good first prints of each indicator are, by the latest vintage.
-- Grain: one row per region, indicator and definition.
-- $vintage; $region, $indicator: only this one; null for all.
select
    region,
    indicator,
    definition,
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
where
    vintage = $vintage
    and region = coalesce($region, region)
    and indicator = coalesce($indicator, indicator)
    and editions > 0
order by abs(mean_pct) desc, region, indicator, definition
