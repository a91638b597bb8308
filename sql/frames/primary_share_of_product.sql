-- Printed primary-industry value added against its printed share times gross product.
-- Grain: one row per print of primary_industry_share that can be recomputed.
-- expected, actual: 100 million yuan; rounding: half a unit of each printed number, carried to it;
-- gap_share: what of the gap is beyond rounding, over the larger.
-- A share belongs to the gross product of its own source and edition; the value added is that of
-- the nearest edition, the share's own source first.
with ranked as (
    select
        share.source,
        share.edition,
        share.region,
        share.reference_year,
        value_added.source as value_added_source,
        value_added.edition as value_added_edition,
        share.value / 100 * product.value as expected,
        value_added.value as actual,
        (share.half_unit * product.value + share.value * product.half_unit) / 100
            + value_added.half_unit as rounding,
        row_number() over (
            partition by share.source, share.edition, share.region, share.reference_year
            order by
                abs(value_added.edition - share.edition),
                value_added.source <> share.source,
                value_added.edition,
                value_added.source
        ) as nearness
    from raw.observation as share
    join raw.observation as product
        on product.source = share.source
        and product.edition = share.edition
        and product.region = share.region
        and product.reference_year = share.reference_year
        and product.indicator = 'gross_product'
        and product.definition = 'own'
    join raw.observation as value_added
        on value_added.region = share.region
        and value_added.reference_year = share.reference_year
        and value_added.indicator = 'primary_industry_value_added'
        and value_added.definition = share.definition
    where share.indicator = 'primary_industry_share'
)
select
    source, edition, region, reference_year, value_added_source, value_added_edition,
    expected, actual, rounding,
    greatest(abs(expected - actual) - rounding, 0) / greatest(expected, actual) as gap_share
from ranked
where nearness = 1
order by source, edition, region, reference_year
