-- The units each indicator is stored in.
-- Grain: one row per indicator.
-- units: count; first_unit, last_unit: unit ids in alphabetical order.
select
    indicator,
    count(distinct unit) as units,
    min(unit) as first_unit,
    max(unit) as last_unit
from raw.observation
group by indicator
order by indicator
