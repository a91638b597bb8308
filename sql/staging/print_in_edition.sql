-- The print of each figure that counts in each edition (staging.print_order), without forecasts,
-- estimates and recovered figures: what one edition said, beside what others did.
-- May be empty, where every figure is recovered or estimated.
-- Grain: one row per region, indicator, definition, reference_year and edition.
-- region: ISO code of the region
-- indicator: what the figure is
-- definition: by which it counts: own, or another one of raw.definition
-- reference_year: year the figure is about
-- source: who printed it
-- edition: year it was printed
-- value: in unit
-- unit: canonical unit
-- half_unit: half a unit of the last printed digit, in unit
-- print_status: final, revised or provisional
with print as (
    select
        place.region,
        place.indicator,
        place.definition,
        place.reference_year,
        place.source,
        place.edition,
        place.value,
        place.unit,
        place.print_status,
        observation.half_unit,
        row_number() over (
            partition by
                place.region, place.indicator, place.definition, place.reference_year,
                place.edition
            order by place.latest_order
        ) as place_in_edition
    from staging.print_order as place
    join raw.observation as observation
        on observation.source = place.source
        and observation.edition = place.edition
        and observation.region = place.region
        and observation.indicator = place.indicator
        and observation.reference_year = place.reference_year
        and observation.definition = place.definition
    where place.quality <> 'recovered' and not place.is_estimate
)
select
    region,
    indicator,
    definition,
    reference_year,
    source,
    edition,
    value,
    unit,
    half_unit,
    print_status
from print
where place_in_edition = 1
