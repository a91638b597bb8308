-- Why editions revised indicators, by the latest vintage, the largest mean change first.
-- Grain: one row per region, indicator and edition.
-- $vintage; $region: only this one; null for all; said: whether the card says so, or the pattern.
select
    region,
    indicator || case when definition = 'own' then '' else ' (' || definition || ')' end
        as indicator,
    edition,
    revised,
    reprinted,
    left_out,
    first_year,
    last_year,
    mean_pct,
    cause,
    case
        when stated is null then 'pattern'
        when stated = inferred then 'card and pattern'
        else 'card; pattern: ' || inferred
    end as said_by
from model.revision_cause
where vintage = $vintage and region = coalesce($region, region)
order by abs(mean_pct) desc nulls last, region, indicator, edition
