-- One figure printed by two sources in the same edition year. Recovered samples are left out: many
-- of them fit the same tables, so that they differ is no news.
-- Figures by two definitions do not conflict: they are two series.
-- Each source is held against the one with the lowest and the one with the highest figure: of three
-- sources these are all pairs, of a hundred not five thousand. Whichever two lie too far apart, each
-- of them lies as far from one of these.
-- Grain: one row per region, indicator, definition, reference_year, edition and pair of sources, of
-- which one prints the lowest or the highest figure.
-- value, other_value: unit as in the column unit; gap_share: absolute gap over the smaller, and 1
-- where only one of the two is zero.
with print as (
    select
        region,
        indicator,
        definition,
        reference_year,
        edition,
        unit,
        {'source': source, 'value': value} as own,
        first_value({'source': source, 'value': value}) over from_below as lowest,
        first_value({'source': source, 'value': value}) over from_above as highest
    from raw.observation
    where quality <> 'recovered'
    window
        from_below as (
            partition by region, indicator, definition, reference_year, edition
            order by value, source
        ),
        from_above as (
            partition by region, indicator, definition, reference_year, edition
            order by value desc, source
        )
),
held as (
    select *, unnest([lowest, highest]) as other_end from print
),
pair as (
    select distinct
        region, indicator, definition, reference_year, edition, unit,
        least(own, other_end) as one,
        greatest(own, other_end) as other
    from held
    where own <> other_end
)
select
    region,
    indicator,
    definition,
    reference_year,
    edition,
    one.source as source,
    other.source as other_source,
    unit,
    one.value as value,
    other.value as other_value,
    case
        when one.value = other.value then 0
        when one.value = 0 or other.value = 0 then 1
        else abs(one.value - other.value) / least(abs(one.value), abs(other.value))
    end as gap_share
from pair
order by region, indicator, definition, reference_year, edition, source, other_source
