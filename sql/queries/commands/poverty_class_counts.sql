-- How many provinces each printed class of poverty incidence holds.
-- Grain: one row per year and interval. $region: whose place is marked.
select
    reference_year,
    low_pct,
    high_pct,
    known_by,
    count(*) as provinces,
    bool_or(region = $region) as has_own
from provinces.poverty_class
group by reference_year, low_pct, high_pct, known_by
order by reference_year, high_pct nulls last, low_pct nulls first
