-- What an edition of regional accounts or of population did to gross product, population, IM and EG
-- of a province and year, against the edition before it. A print that takes the place of a later one,
-- which stood in for what nobody had printed yet, is no revision.
-- May be empty, where only one edition prints the provinces.
-- Grain: one row per known_by, region and reference_year of which gross product or population moved.
-- known_by: edition that moved it
-- known_before: edition before it
-- region: ISO code of the province
-- reference_year: year
-- gross_product_change_pct: change of gross product, per cent
-- population_change_pct: change of residents at the end of the year, per cent; NULL: not printed
--     before
-- im_change_pct: change of IM, e-commerce sales of enterprises over gross product, per cent
-- eg_change_pct: change of EG, gross product per resident, per cent; NULL: as population
with paired as (
    select
        *,
        lag(known_by) over editions as known_before,
        lag(gross_product_100m_cny) over editions as old_product,
        case when lag(has_population) over editions
            then lag(population_10k_persons) over editions
        end as old_population,
        lag(im_sales) over editions as old_im
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
    100 * (eg_10k_cny / (old_product / old_population) - 1) as eg_change_pct
from paired
where gross_product_100m_cny <> old_product or population_10k_persons <> old_population
