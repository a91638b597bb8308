-- What may be shown of every total: the figure, or null where micro.area_disclosure withholds it.
-- Private only since it holds all levels of area together; sql/towns takes one level each.
-- May be empty, where there is no data set.
-- Grain: one row per dataset, level, area, year and seller_group.
-- dataset: data set
-- simulated: true where a simulation made the records
-- level: town, county or province
-- area: town_id, province/prefecture/county, or province
-- year: calendar year
-- seller_group: all, female, male, gender_unknown, young or not_young
-- sellers: shops open in the year; null where suppressed
-- sales_cny: their sales, returns taken off, yuan; null where suppressed
-- orders: their completed orders; null where suppressed
-- is_suppressed: whether the figures are withheld
select
    total.dataset,
    dataset_.simulated,
    total.level,
    total.area,
    total.year,
    total.seller_group,
    case when shown.is_published then total.sellers end as sellers,
    case when shown.is_published then total.sales_cny end as sales_cny,
    case when shown.is_published then total.orders end as orders,
    not shown.is_published as is_suppressed
from micro.area_year as total
join micro.area_disclosure as shown
    on shown.dataset = total.dataset
    and shown.level = total.level
    and shown.area = total.area
    and shown.year = total.year
    and shown.seller_group = total.seller_group
join raw.town_dataset as dataset_ on dataset_.dataset = total.dataset
