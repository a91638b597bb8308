-- What a published file shows of towns, counties and provinces, as rows of micro.area_disclosure.
-- Grain: one row per dataset, level, area, year and seller_group; fields of AreaDisclosureRow.
with shown as (
    select
        dataset, 'town' as level, town_id as area, year, seller_group, sellers, sales_cny, orders,
        is_suppressed
    from towns.town_year
    union all
    select
        dataset, 'county', province || '/' || prefecture || '/' || county, year, seller_group,
        sellers, sales_cny, orders, is_suppressed
    from towns.county_year
    union all
    select
        dataset, 'province', province, year, seller_group, sellers, sales_cny, orders,
        is_suppressed
    from towns.province_year
)
select
    dataset,
    level,
    area,
    year,
    seller_group,
    sellers,
    sales_cny,
    orders,
    not is_suppressed as is_published,
    case when is_suppressed then 'not kept' end as reason,
    true as is_standing
from shown
order by all
