-- The panel of provinces as it could be made when an edition of regional accounts had come out: each
-- figure as the latest print of then. A figure that no document at hand had printed by then (income,
-- e-commerce and agriculture, which one export of 2026 holds) comes from its first later print and
-- is counted. Population is that of the year's end where it had been printed by then, else urban and
-- rural residents together.
-- An edition counts where it prints gross product of 16 provinces or more; its panel ends with the
-- last year of which all 31 had printed it.
-- May be empty, where no document prints gross product of so many provinces.
-- Grain: one row per known_by, region and reference_year.
-- known_by: edition up to which prints are taken
-- region: ISO code of the province
-- reference_year: year
-- gross_product_100m_cny: gross product as known then, 100 million yuan
-- population_10k_persons: residents at the end of the year as known then, 10,000 persons
-- im_sales: e-commerce sales of enterprises over gross product as known then, ratio
-- eg_10k_cny: gross product per resident as known then, 10,000 yuan
-- log_rural_income: natural logarithm of rural income per head, yuan
-- log_im: of im_sales
-- log_im_with_purchases: of sales and purchases over gross product
-- log_gross_output: of gross output of agriculture, 100 million yuan
-- log_eg: of eg_10k_cny
-- has_population: whether residents had been printed by then
-- later_prints: how many of the figures behind the row had not been printed by then
with edition as (
    select edition as known_by
    from staging.print_order
    where
        indicator = 'gross_product'
        and definition = 'own'
        and regexp_matches(region, '^CN-[A-Z]+$')
    group by edition
    having count(distinct region) >= 16
),
taken as (
    select
        edition.known_by,
        print.region,
        print.reference_year,
        print.indicator,
        print.value,
        print.edition > edition.known_by as is_later
    from staging.print_order as print
    cross join edition
    where
        print.definition = 'own'
        and print.quality <> 'recovered'
        and print.print_status <> 'forecast'
        and regexp_matches(print.region, '^CN-[A-Z]+$')
        and print.indicator in (
            'gross_product', 'population_year_end', 'urban_population', 'rural_population',
            'rural_disposable_income_per_head', 'agriculture_gross_output',
            'enterprise_ecommerce_sales', 'enterprise_ecommerce_purchases'
        )
    qualify row_number() over (
        partition by edition.known_by, print.region, print.reference_year, print.indicator
        order by
            is_later, case when is_later then print.first_printed_order else print.latest_order end
    ) = 1
),
known_year as (
    select known_by, reference_year
    from taken
    where indicator = 'gross_product' and not is_later
    group by known_by, reference_year
    having count(*) = 31
),
wide as (
    select
        known_by,
        region,
        reference_year,
        max(value) filter (indicator = 'gross_product') as product,
        coalesce(
            max(value) filter (indicator = 'population_year_end' and not is_later),
            max(value) filter (indicator = 'urban_population')
            + max(value) filter (indicator = 'rural_population')
        ) as population,
        bool_or(indicator = 'population_year_end' and not is_later)
        or count(*) filter (
            indicator in ('urban_population', 'rural_population') and not is_later
        ) = 2 as has_population,
        max(value) filter (indicator = 'rural_disposable_income_per_head') as rural_income,
        max(value) filter (indicator = 'agriculture_gross_output') as gross_output,
        max(value) filter (indicator = 'enterprise_ecommerce_sales') as sales,
        max(value) filter (indicator = 'enterprise_ecommerce_purchases') as purchases,
        count(*) filter (
            is_later
            and indicator not in ('population_year_end', 'urban_population', 'rural_population')
        ) as later_figures
    from taken
    join known_year using (known_by, reference_year)
    group by known_by, region, reference_year
)
select
    known_by,
    region,
    reference_year,
    product as gross_product_100m_cny,
    population as population_10k_persons,
    sales / product as im_sales,
    product / population as eg_10k_cny,
    ln(rural_income) as log_rural_income,
    ln(sales / product) as log_im,
    ln((sales + purchases) / product) as log_im_with_purchases,
    ln(gross_output) as log_gross_output,
    ln(product / population) as log_eg,
    has_population,
    later_figures + case when has_population then 0 else 1 end as later_prints
from wide
where sales > 0
