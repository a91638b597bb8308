-- How many figures of provinces each rule flags as odd, by indicator, and the one it flags most.
-- Grain: one row per rule and indicator.
select
    rule,
    indicator,
    count(*) as flagged,
    arg_max(region || ' ' || reference_year, abs(size)) as most
from provinces.odd_cell
group by rule, indicator
order by rule, indicator
