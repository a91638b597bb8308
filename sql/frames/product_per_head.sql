-- Printed gross product per head against gross product over the mean population of the year.
-- Grain: one row per print of gross_product_per_head that can be recomputed.
-- expected, actual: yuan per person; gap_share: absolute gap over the larger.
-- 100m_cny over 10k_persons is 10,000 yuan per person. Mean population: of this year's end and the
-- last, both residents, from one source and edition. Figures are revised, so gross product and population are
-- taken from the editions nearest to the print's.
with product as (
    select source, edition, region, reference_year, value as product_100m_cny
    from raw.observation
    where indicator = 'gross_product' and definition = 'own'
),
population as (
    select
        this_year.source,
        this_year.edition,
        this_year.region,
        this_year.reference_year,
        (this_year.value + last_year.value) / 2 as mean_10k_persons
    from raw.observation as this_year
    join raw.observation as last_year
        on last_year.source = this_year.source
        and last_year.edition = this_year.edition
        and last_year.region = this_year.region
        and last_year.indicator = this_year.indicator
        and last_year.definition = this_year.definition
        and last_year.reference_year = this_year.reference_year - 1
    where this_year.indicator = 'population_year_end' and this_year.definition = 'own'
),
ranked as (
    select
        head.source,
        head.edition,
        head.region,
        head.reference_year,
        product.source as product_source,
        product.edition as product_edition,
        population.source as population_source,
        population.edition as population_edition,
        product.product_100m_cny / population.mean_10k_persons * 10000 as expected,
        head.value as actual,
        row_number() over (
            partition by head.source, head.edition, head.region, head.reference_year
            order by
                abs(product.edition - head.edition), product.edition, product.source,
                abs(population.edition - head.edition), population.edition, population.source
        ) as nearness
    from raw.observation as head
    join product
        on product.region = head.region and product.reference_year = head.reference_year
    join population
        on population.region = head.region and population.reference_year = head.reference_year
    where head.indicator = 'gross_product_per_head' and head.definition = 'own'
)
select
    source, edition, region, reference_year,
    product_source, product_edition, population_source, population_edition,
    expected, actual, abs(expected - actual) / greatest(expected, actual) as gap_share
from ranked
where nearness = 1
order by source, edition, region, reference_year
