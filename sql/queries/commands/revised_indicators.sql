-- How often and how far the figures of each indicator were revised, the largest change first.
-- Grain: one row per region and indicator.
-- $region: only this one; null for all; years: reference years with a revision; up: revisions
-- upwards; median_pct, largest_pct: of the absolute changes, in per cent.
select
    region,
    indicator,
    count(*) as revisions,
    count(distinct reference_year) as years,
    count(*) filter (where new_value > old_value) as up,
    median(abs(change_pct)) as median_pct,
    max(abs(change_pct)) as largest_pct
from release.revision
where region = coalesce($region, region)
group by region, indicator
order by largest_pct desc nulls first, region, indicator
