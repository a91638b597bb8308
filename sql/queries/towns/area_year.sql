-- Totals of every area by year and group of sellers, from which it is decided what may be shown.
-- Grain: one row per dataset, year, level, area and seller_group; fields of disclosure.AreaYear.
select
    dataset,
    year,
    level,
    area,
    parent,
    seller_group,
    sellers,
    active_sellers,
    top_seller_sales_cny,
    sales_cny,
    orders
from micro.area_year
order by all
