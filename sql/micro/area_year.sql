-- Totals of every area that may be published: towns, their counties, their provinces.
-- Private; publication takes from it what may be shown (micro.area_disclosure).
-- May be empty, where there is no data set.
-- Grain: one row per dataset, level, area, year and seller_group.
-- dataset: data set
-- level: town, county or province
-- area: town_id, province/prefecture/county, or province
-- parent: the area one level up; `nation` for a province
-- year: calendar year
-- seller_group: all, female, male, gender_unknown, young or not_young
-- sellers: shops open in the year
-- active_sellers: of these, with sales
-- top_seller_sales_cny: sales of the one that sells most, yuan
-- sales_cny: sales, yuan
-- orders: completed orders
with town_year as (
    select
        statistic.dataset,
        town.town_id,
        town.province || '/' || town.prefecture || '/' || town.county as county,
        town.province,
        statistic.year,
        statistic.seller_group,
        statistic.sellers,
        statistic.active_sellers,
        statistic.top_seller_sales_cny,
        statistic.sales_cny,
        statistic.orders
    from micro.town_group_year as statistic
    join raw.town as town
        on town.dataset = statistic.dataset and town.town_id = statistic.town_id
),
area_year as (
    select
        dataset, 'town' as level, town_id as area, county as parent, year, seller_group, sellers,
        active_sellers, top_seller_sales_cny, sales_cny, orders
    from town_year
    union all
    select
        dataset, 'county', county, province, year, seller_group, sum(sellers),
        sum(active_sellers), max(top_seller_sales_cny), fsum(sales_cny), sum(orders)
    from town_year
    group by dataset, county, province, year, seller_group
    union all
    select
        dataset, 'province', province, 'nation', year, seller_group, sum(sellers),
        sum(active_sellers), max(top_seller_sales_cny), fsum(sales_cny), sum(orders)
    from town_year
    group by dataset, province, year, seller_group
)
select
    dataset,
    level,
    area,
    parent,
    year,
    seller_group,
    cast(sellers as bigint) as sellers,
    cast(active_sellers as bigint) as active_sellers,
    top_seller_sales_cny,
    sales_cny,
    cast(orders as bigint) as orders
from area_year
