-- What an edition of regional accounts or of population did to gross product, population, IM, EG and
-- value added of primary industry of a province and year, against the edition before it. A print that
-- takes the place of a later one, which stood in for what nobody had printed yet, is no revision.
-- Shares of primary industry are printed to .1 point in some years, so that in Beijing and Shanghai
-- (.3 % of product) most of what seems to change is rounding: primary_rounding_pct says how much.
-- May be empty, where only one edition prints the provinces.
-- Grain: one row per known_by, region and reference_year of which gross product, population or
--     primary value added moved.
-- known_by: edition that moved it
-- known_before: edition before it
-- region: ISO code of the province
-- reference_year: year
-- gross_product_change_pct: change of gross product, per cent
-- population_change_pct: change of residents at the end of the year, per cent; NULL: not printed
--     before
-- im_change_pct: change of IM, e-commerce sales of enterprises over gross product, per cent
-- eg_change_pct: change of EG, gross product per resident, per cent; NULL: as population
-- primary_change_pct: change of value added of primary industry, per cent; NULL: not printed before
-- primary_rounding_pct: how much of that the rounding of the two prints may make, per cent; NULL as
--     above
with paired as (
    select
        *,
        lag(known_by) over editions as known_before,
        lag(gross_product_100m_cny) over editions as old_product,
        case when lag(has_population) over editions
            then lag(population_10k_persons) over editions
        end as old_population,
        lag(im_sales) over editions as old_im,
        case when lag(has_primary) over editions
            then lag(primary_value_added_100m_cny) over editions
        end as old_primary,
        lag(primary_half_unit_100m_cny) over editions as old_primary_half_unit
    from provinces.panel_known_by
    window editions as (partition by region, reference_year order by known_by)
)
select
    known_by,
    known_before,
    region,
    reference_year,
    100 * (gross_product_100m_cny / old_product - 1) as gross_product_change_pct,
    100 * (population_10k_persons / old_population - 1) as population_change_pct,
    100 * (im_sales / old_im - 1) as im_change_pct,
    100 * (eg_10k_cny / (old_product / old_population) - 1) as eg_change_pct,
    100 * (primary_value_added_100m_cny / old_primary - 1) as primary_change_pct,
    case when old_primary is not null
        then 100 * (primary_half_unit_100m_cny + old_primary_half_unit) / old_primary
    end as primary_rounding_pct
from paired
where
    gross_product_100m_cny <> old_product
    or population_10k_persons <> old_population
    or primary_value_added_100m_cny <> old_primary
