-- The figures in force of one indicator and region, by the indicator's own definition.
-- Grain: one row per reference_year.
-- $indicator, $region, $year: null for all years.
select
    region,
    indicator,
    reference_year,
    value,
    unit,
    quality,
    status,
    source,
    edition
from latest.figure
where
    indicator = $indicator
    and region = $region
    and definition = 'own'
    and reference_year = coalesce($year, reference_year)
order by reference_year
