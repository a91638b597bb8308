-- Sellers, sales and orders of towns by year and group of sellers, as far as they may be shown.
-- A figure is null where fewer than five sellers with sales stand behind it, where one of them made
-- more than half of it, and where it would give such a figure away; nothing says which of these it
-- was. Groups: all is the sum of female, male and gender_unknown, and of young (under 35 in the year
-- of opening) and not_young. Areas without sellers are there, with zeros.
-- May be empty, where there is no data set.
-- Grain: one row per dataset, town_id, year and seller_group.
-- dataset: data set
-- simulated: true where a simulation made the records
-- town_id: town
-- year: calendar year
-- seller_group: all, female, male, gender_unknown, young or not_young
-- sellers: shops open in the year; null where suppressed
-- sales_cny: their sales, returns taken off, yuan; null where suppressed
-- orders: their completed orders; null where suppressed
-- is_suppressed: whether the figures are withheld
select
    total.dataset,
    dataset_.simulated,
    total.area as town_id,
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
where total.level = 'town'
