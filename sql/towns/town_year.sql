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
    dataset,
    simulated,
    area as town_id,
    year,
    seller_group,
    sellers,
    sales_cny,
    orders,
    is_suppressed
from micro.area_shown
where level = 'town'
