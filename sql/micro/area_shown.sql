-- What is shown of every total: the figure, or null where it is withheld. A year that is published
-- already stands as it is, whatever the records say now.
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
    shown.dataset,
    dataset_.simulated,
    shown.level,
    shown.area,
    shown.year,
    shown.seller_group,
    shown.sellers,
    shown.sales_cny,
    shown.orders,
    not shown.is_published as is_suppressed
from micro.area_disclosure as shown
join raw.town_dataset as dataset_ on dataset_.dataset = shown.dataset
