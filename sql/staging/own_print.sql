-- The latest print of every figure by what its indicator is named for, as staging.print_order orders
-- prints; neither recovered nor a forecast.
-- May be empty, where no document prints such a figure.
-- Grain: one row per region, indicator and reference_year.
-- region: ISO code of the region
-- indicator: what the figure is
-- reference_year: year the figure is about
-- value: value in the canonical unit
-- unit: canonical unit of the indicator
-- quality: published or derived
-- edition: year it was printed
select
    region,
    indicator,
    reference_year,
    value,
    unit,
    quality,
    edition
from staging.print_order
where definition = 'own' and quality <> 'recovered' and print_status <> 'forecast'
qualify row_number() over (
    partition by region, indicator, reference_year order by latest_order
) = 1
