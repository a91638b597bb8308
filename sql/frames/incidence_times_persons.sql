-- Printed poor persons against printed incidence times the persons counted.
-- Grain: one row per region, reference_year, print of the poor persons and print of the incidence.
-- counted, expected_low, expected_high, actual, excess: 10,000 persons; tolerance: share.
-- Each print stands for anything within half a unit of its last digit. Where nobody prints the
-- persons counted, the median of poor persons over incidence in the region's years stands in, and
-- as the rural register moves by a few per cent over ten years the tolerance is 5 %; else 1 %.
-- Where every printed incidence is zero, the poor persons must be too.
with figure as (
    select source, edition, region, indicator, reference_year, value, half_unit
    from raw.observation
    where indicator in ('rural_poor_population', 'poverty_incidence', 'rural_population_counted')
),
pair as (
    select
        poor.region,
        poor.reference_year,
        poor.source as poor_source,
        poor.edition as poor_edition,
        incidence.source as incidence_source,
        incidence.edition as incidence_edition,
        poor.value as actual,
        poor.half_unit as actual_half_unit,
        incidence.value / 100 as incidence_share,
        incidence.half_unit / 100 as incidence_half_unit
    from figure as poor
    join figure as incidence using (region, reference_year)
    where poor.indicator = 'rural_poor_population' and incidence.indicator = 'poverty_incidence'
),
counted_printed as (
    select region, reference_year, median(value) as counted
    from figure
    where indicator = 'rural_population_counted'
    group by region, reference_year
),
counted_implied as (
    select region, median(actual / incidence_share) as counted
    from pair
    where incidence_share > 0
    group by region
),
based as (
    select
        pair.*,
        coalesce(counted_printed.counted, counted_implied.counted, 0) as counted,
        case when counted_printed.counted is null then 0.05 else 0.01 end as tolerance
    from pair
    left join counted_printed using (region, reference_year)
    left join counted_implied using (region)
),
bounded as (
    select
        *,
        greatest(incidence_share - incidence_half_unit, 0) * counted * (1 - tolerance)
            - actual_half_unit as expected_low,
        (incidence_share + incidence_half_unit) * counted * (1 + tolerance)
            + actual_half_unit as expected_high
    from based
)
select
    region, poor_source, poor_edition, incidence_source, incidence_edition, reference_year,
    counted, tolerance, expected_low, expected_high, actual,
    case
        when actual < expected_low then expected_low - actual
        when actual > expected_high then actual - expected_high
        when actual between expected_low and expected_high then 0
    end as excess
from bounded
order by region, reference_year, poor_source, poor_edition, incidence_source, incidence_edition
