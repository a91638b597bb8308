-- The panel of provinces as it could be made when an edition of regional accounts had come out: each
-- figure as the latest print of then. A figure that no document at hand had printed by then (income,
-- e-commerce, gross output and urban and rural residents, which one export of 2026 holds) comes from
-- its first later print and is counted. EG takes population of the year's end where it had been
-- printed by then, else urban and rural residents together. Value added of primary industry is that
-- printed, or the share of gross product times the product of the same edition; its growth takes both
-- years from one edition, of then or else later.
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
-- primary_value_added_100m_cny: value added of primary industry as known then, 100 million yuan
-- primary_half_unit_100m_cny: how far that may be off by rounding, 100 million yuan
-- aig_gross_output: growth of gross output of agriculture over the year before, ratio; NULL in the
--     first year
-- aig_primary: growth of primary value added over the year before, in one edition; NULL as above
-- log_rural_income: natural logarithm of rural income per head, yuan
-- log_urban_rural_ratio: of urban (derived, as in provinces.province_panel) over rural income
-- log_im: of im_sales
-- log_im_with_purchases: of sales and purchases over gross product
-- log_gross_output: of gross output of agriculture, 100 million yuan
-- log_primary: of primary_value_added_100m_cny
-- log_eg: of eg_10k_cny
-- has_population: whether residents at the end of the year had been printed by then
-- has_primary: whether value added of primary industry, or its share, had been printed by then
-- has_primary_growth: whether one edition of then had printed it, or its share, for both years
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
            'rural_disposable_income_per_head', 'disposable_income_per_head',
            'agriculture_gross_output', 'enterprise_ecommerce_sales',
            'enterprise_ecommerce_purchases'
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
primary_known as (
    select
        edition.known_by,
        print.region,
        print.reference_year,
        print.value_100m_cny,
        print.half_unit_100m_cny,
        print.growth,
        print.edition <= edition.known_by as is_known,
        row_number() over (
            partition by edition.known_by, print.region, print.reference_year
            order by
                not is_known,
                print.print_status = 'provisional',
                case when is_known then -print.edition else print.edition end,
                print.from_share, print.latest_order
        ) as place,
        row_number() over (
            partition by edition.known_by, print.region, print.reference_year
            order by
                print.growth is null,
                not is_known,
                print.print_status = 'provisional',
                case when is_known then -print.edition else print.edition end,
                print.from_share, print.latest_order
        ) as place_of_growth
    from provinces.primary_print as print
    cross join edition
),
primary_taken as (
    select
        known_by,
        region,
        reference_year,
        max(value_100m_cny) filter (place = 1) as value_added,
        max(half_unit_100m_cny) filter (place = 1) as half_unit,
        max(growth) filter (place_of_growth = 1) as growth,
        bool_or(is_known) as is_known,
        bool_or(is_known and growth is not null) as is_growth_known
    from primary_known
    group by known_by, region, reference_year
),
wide as (
    select
        known_by,
        region,
        reference_year,
        max(value) filter (indicator = 'gross_product') as product,
        max(value) filter (indicator = 'population_year_end' and not is_later) as year_end,
        max(value) filter (indicator = 'urban_population') as urban,
        max(value) filter (indicator = 'rural_population') as rural,
        max(value) filter (indicator = 'rural_disposable_income_per_head') as rural_income,
        max(value) filter (indicator = 'disposable_income_per_head') as all_income,
        max(value) filter (indicator = 'agriculture_gross_output') as gross_output,
        max(value) filter (indicator = 'enterprise_ecommerce_sales') as sales,
        max(value) filter (indicator = 'enterprise_ecommerce_purchases') as purchases,
        count(*) filter (
            indicator in ('urban_population', 'rural_population') and not is_later
        ) as residents_known,
        count(*) filter (is_later and indicator <> 'population_year_end') as later_figures
    from taken
    join known_year using (known_by, reference_year)
    group by known_by, region, reference_year
),
derived as (
    select
        *,
        coalesce(year_end, urban + rural) as population,
        (all_income * (urban + rural) - rural_income * rural) / urban as urban_income,
        case when lag(reference_year) over years = reference_year - 1
            then gross_output / lag(gross_output) over years - 1
        end as aig_gross_output
    from wide
    window years as (partition by known_by, region order by reference_year)
)
select
    known_by,
    region,
    reference_year,
    derived.product as gross_product_100m_cny,
    derived.population as population_10k_persons,
    derived.sales / derived.product as im_sales,
    derived.product / derived.population as eg_10k_cny,
    primary_taken.value_added as primary_value_added_100m_cny,
    primary_taken.half_unit as primary_half_unit_100m_cny,
    derived.aig_gross_output,
    primary_taken.growth as aig_primary,
    ln(derived.rural_income) as log_rural_income,
    ln(derived.urban_income / derived.rural_income) as log_urban_rural_ratio,
    ln(derived.sales / derived.product) as log_im,
    ln((derived.sales + derived.purchases) / derived.product) as log_im_with_purchases,
    ln(derived.gross_output) as log_gross_output,
    ln(primary_taken.value_added) as log_primary,
    ln(derived.product / derived.population) as log_eg,
    derived.year_end is not null or derived.residents_known = 2 as has_population,
    coalesce(primary_taken.is_known, false) as has_primary,
    coalesce(primary_taken.is_growth_known, false) as has_primary_growth,
    derived.later_figures + case when has_primary then 0 else 1 end as later_prints
from derived
left join primary_taken using (known_by, region, reference_year)
where derived.sales > 0
