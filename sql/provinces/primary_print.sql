-- Every print of value added of primary industry in a province: as printed, or the printed share of
-- gross product times the gross product of the same source and edition. Forecasts, estimates and
-- recovered figures are none.
-- Growth takes both years from one edition of one source: two editions would mix it with revision.
-- May be empty, where no document prints such figures.
-- Grain: one row per region, source, edition and reference_year.
-- region: ISO code of the province
-- source: who printed it
-- edition: year it was printed
-- reference_year: year
-- value_100m_cny: value added of primary industry, 100 million yuan, current prices
-- half_unit_100m_cny: how far it may be off by the rounding of what is printed, 100 million yuan
-- from_share: true where it is share times gross product
-- print_status: final, revised or provisional; of a share times product, that of the share
-- growth: over the year before in the same source and edition, ratio; NULL where that year is missing
-- latest_order: place among the prints of one figure, as staging.print_order has it
with print as (
    select
        ordered.region,
        ordered.source,
        ordered.edition,
        ordered.indicator,
        ordered.reference_year,
        ordered.value,
        ordered.print_status,
        ordered.latest_order,
        observation.half_unit
    from staging.print_order as ordered
    join raw.observation as observation
        on observation.region = ordered.region
        and observation.source = ordered.source
        and observation.edition = ordered.edition
        and observation.indicator = ordered.indicator
        and observation.definition = ordered.definition
        and observation.reference_year = ordered.reference_year
    where
        ordered.definition = 'own'
        and ordered.quality <> 'recovered'
        and not ordered.is_estimate
        and regexp_matches(ordered.region, '^CN-[A-Z]+$')
        and ordered.indicator in (
            'primary_industry_value_added', 'primary_industry_share', 'gross_product'
        )
),
both_kinds as (
    select
        region, source, edition, reference_year, print_status, latest_order, value, half_unit,
        false as from_share
    from print
    where indicator = 'primary_industry_value_added'
    union all
    select
        share.region, share.source, share.edition, share.reference_year, share.print_status,
        share.latest_order,
        share.value / 100 * product.value as value,
        (share.half_unit * product.value + share.value * product.half_unit) / 100 as half_unit,
        true as from_share
    from print as share
    join print as product
        on product.region = share.region
        and product.source = share.source
        and product.edition = share.edition
        and product.reference_year = share.reference_year
    where share.indicator = 'primary_industry_share' and product.indicator = 'gross_product'
),
chosen as (
    select *
    from both_kinds
    qualify row_number() over (
        partition by region, source, edition, reference_year order by from_share
    ) = 1
)
select
    now.region,
    now.source,
    now.edition,
    now.reference_year,
    now.value as value_100m_cny,
    now.half_unit as half_unit_100m_cny,
    now.from_share,
    now.print_status,
    now.value / before.value - 1 as growth,
    now.latest_order
from chosen as now
left join chosen as before
    on before.region = now.region
    and before.source = now.source
    and before.edition = now.edition
    and before.reference_year = now.reference_year - 1
