-- One figure printed by two editions of one source, each edition against the one before.
-- Grain: one row per source, region, indicator, definition, reference_year and edition after the
-- first.
-- value, value_before: unit as in the column unit; factor: the larger over the smaller in size, and
-- 1000 where the sign turns or only one of the two is zero; moderate_factor: the same up to 5, and 1
-- beyond, which is judged by factor alone.
with ordered as (
    select
        source,
        region,
        indicator,
        definition,
        reference_year,
        edition,
        unit,
        value,
        lag(edition) over editions as edition_before,
        lag(value) over editions as value_before
    from raw.observation
    where quality <> 'recovered'
    window editions as (
        partition by source, region, indicator, definition, reference_year order by edition
    )
),
compared as (
    select
        *,
        case
            when value = value_before then 1
            when value * value_before <= 0 then 1000
            else greatest(value / value_before, value_before / value)
        end as factor
    from ordered
    where edition_before is not null
)
select
    source,
    region,
    indicator,
    definition,
    reference_year,
    edition,
    edition_before,
    unit,
    value,
    value_before,
    factor,
    case when factor <= 5 then factor else 1 end as moderate_factor
from compared
order by source, region, indicator, definition, reference_year, edition
