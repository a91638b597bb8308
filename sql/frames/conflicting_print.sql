-- One figure printed by two sources in the same edition year. Recovered samples are left out: many
-- of them fit the same tables, so that they differ is no news.
-- Figures by two definitions do not conflict: they are two series.
-- Grain: one row per region, indicator, definition, reference_year, edition and pair of sources.
-- value, other_value: unit as in the column unit; gap_share: absolute gap over the smaller, and 1
-- where only one of the two is zero.
select
    observation.region,
    observation.indicator,
    observation.definition,
    observation.reference_year,
    observation.edition,
    observation.source,
    other.source as other_source,
    observation.unit,
    observation.value,
    other.value as other_value,
    case
        when observation.value = other.value then 0
        when observation.value = 0 or other.value = 0 then 1
        else abs(observation.value - other.value)
            / least(abs(observation.value), abs(other.value))
    end as gap_share
from raw.observation as observation
join raw.observation as other
    on other.region = observation.region
    and other.indicator = observation.indicator
    and other.definition = observation.definition
    and other.reference_year = observation.reference_year
    and other.edition = observation.edition
    and other.source > observation.source
where observation.quality <> 'recovered' and other.quality <> 'recovered'
order by
    observation.region, observation.indicator, observation.definition, observation.reference_year,
    observation.edition,
    observation.source, other.source
