-- What the study of provinces is about: e-commerce of enterprises, agriculture and income, from the
-- latest print of each figure by the indicator's own definition. Years of a province without sales of
-- enterprises by e-commerce are left out.
-- IM here is sales (with purchases) of surveyed enterprises over gross product, booked where the firm
-- has its seat and with business between firms: another concept than the IM of He's paper. CEI cannot
-- be had: nobody prints online consumption by province and year. Urban income is derived: what the
-- income of all residents leaves, by populations at the end of the year. In 2016-2019 it lies some 6 %
-- below an independent copy of the printed figures, most in Tibet (16 %); within a province that moves
-- by 0.6 % (median standard deviation).
-- May be empty, where no document prints e-commerce of enterprises by province.
-- Grain: one row per region and reference_year.
-- region: ISO code of the province
-- reference_year: year
-- rural_income_cny: disposable income per head of rural residents, yuan
-- urban_income_cny: of urban residents, yuan, derived from that of all residents by population
-- urban_rural_ratio: derived urban income over rural income
-- ecommerce_sales_100m_cny: e-commerce sales of enterprises, 100 million yuan
-- im_sales: the same over gross product, ratio
-- im_sales_and_purchases: sales and purchases over gross product, ratio
-- gross_output_100m_cny: gross output of agriculture, 100 million yuan, current prices
-- primary_value_added_100m_cny: value added of primary industry, 100 million yuan, current prices
-- aig_gross_output: growth of gross output over the year before, ratio
-- aig_primary: growth of primary value added over the year before, ratio; both years in one edition,
--   the latest that prints both, since a census changed the level between editions; else NULL
-- eg_10k_cny: gross product over urban and rural residents at the end of the year, 10,000 yuan each
-- log_rural_income: natural logarithm of rural_income_cny; the dependent variable
-- log_urban_rural_ratio: of urban_rural_ratio; the second dependent variable
-- log_im: of im_sales
-- log_im_with_purchases: of im_sales_and_purchases
-- log_gross_output: of gross_output_100m_cny
-- log_primary: of primary_value_added_100m_cny
-- log_eg: of eg_10k_cny
-- quality: published, or derived where a figure behind the row is; the urban-rural ratio always is
-- edition_low: earliest edition behind the row
-- edition_high: latest edition behind the row
with wide as (
    select
        region,
        reference_year,
        max(value) filter (indicator = 'rural_disposable_income_per_head') as rural_income,
        max(value) filter (indicator = 'disposable_income_per_head') as all_income,
        max(value) filter (indicator = 'urban_population') as urban,
        max(value) filter (indicator = 'rural_population') as rural,
        max(value) filter (indicator = 'gross_product') as product,
        max(value) filter (indicator = 'agriculture_gross_output') as gross_output,
        max(value) filter (indicator = 'primary_industry_value_added') as primary_value_added,
        max(value) filter (indicator = 'enterprise_ecommerce_sales') as sales,
        max(value) filter (indicator = 'enterprise_ecommerce_purchases') as purchases,
        case when bool_or(quality = 'derived') then 'derived' else 'published' end as quality,
        min(edition) as edition_low,
        max(edition) as edition_high
    from staging.own_print
    where
        regexp_matches(region, '^CN-[A-Z]+$')
        and indicator in (
            'rural_disposable_income_per_head', 'disposable_income_per_head', 'urban_population',
            'rural_population', 'gross_product', 'agriculture_gross_output',
            'primary_industry_value_added', 'enterprise_ecommerce_sales',
            'enterprise_ecommerce_purchases'
        )
    group by region, reference_year
),
derived as (
    select *, (all_income * (urban + rural) - rural_income * rural) / urban as urban_income
    from wide
),
primary_growth as (
    select region, reference_year, growth
    from provinces.primary_print
    where growth is not null
    qualify row_number() over (
        partition by region, reference_year
        order by print_status = 'provisional', edition desc, from_share, latest_order
    ) = 1
)
select
    now.region,
    now.reference_year,
    now.rural_income as rural_income_cny,
    now.urban_income as urban_income_cny,
    now.urban_income / now.rural_income as urban_rural_ratio,
    now.sales as ecommerce_sales_100m_cny,
    now.sales / now.product as im_sales,
    (now.sales + now.purchases) / now.product as im_sales_and_purchases,
    now.gross_output as gross_output_100m_cny,
    now.primary_value_added as primary_value_added_100m_cny,
    now.gross_output / before.gross_output - 1 as aig_gross_output,
    primary_growth.growth as aig_primary,
    now.product / (now.urban + now.rural) as eg_10k_cny,
    ln(now.rural_income) as log_rural_income,
    ln(now.urban_income / now.rural_income) as log_urban_rural_ratio,
    ln(now.sales / now.product) as log_im,
    ln((now.sales + now.purchases) / now.product) as log_im_with_purchases,
    ln(now.gross_output) as log_gross_output,
    ln(now.primary_value_added) as log_primary,
    ln(now.product / (now.urban + now.rural)) as log_eg,
    now.quality,
    now.edition_low,
    now.edition_high
from derived as now
left join derived as before
    on before.region = now.region and before.reference_year = now.reference_year - 1
left join primary_growth
    on primary_growth.region = now.region and primary_growth.reference_year = now.reference_year
where now.sales > 0
