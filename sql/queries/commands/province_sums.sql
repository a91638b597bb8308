-- How far sums over the 31 provinces lie from the nation's figures.
-- Grain: one row per indicator.
select
    indicator,
    count(*) as years,
    max(abs(gap)) as largest_gap,
    max(abs(gap_pct)) as largest_gap_pct
from provinces.national_sum
group by indicator
order by indicator
