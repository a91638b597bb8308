-- Whether a figure that one document prints as a number and another as a class lies in it, but for
-- half a unit of its last digit.
-- Check on: staging.interval_print
-- Grain: one row per number that lies outside the class that counts.
-- Severity: warning
-- Message: {rows} {printed number lies|printed numbers lie} outside the class that another document prints.
select
    point.region,
    point.indicator,
    point.reference_year,
    point.printed_value as number_printed,
    point.source as number_source,
    class.printed_value as class_printed,
    class.source as class_source
from raw.observation as point
join staging.interval_print as class using (region, indicator, definition, reference_year)
where point.value + point.half_unit < class.low or point.value - point.half_unit > class.high
order by all
