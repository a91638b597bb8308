-- Which towns are Taobao towns on the list of each year, with the sales they are judged by where
-- these may be shown (towns.town_year of the year before).
-- May be empty, where there is no data set.
-- Grain: one row per dataset, town_id and year.
-- dataset: data set
-- simulated: true where a simulation made the records
-- town_id: town
-- year: year of the list
-- is_certified: whether the town is on the list
-- by_rule: listed, villages, sales, or villages and sales; null where it is not certified
-- villages: Taobao villages on the list of the year
-- sellers_before: shops open in the year before; null where suppressed or before the data begin
-- sales_before_cny: their sales, yuan; null where suppressed or before the data begin
select
    certification.dataset,
    dataset_.simulated,
    certification.town_id,
    certification.year,
    certification.is_certified,
    certification.by_rule,
    certification.villages,
    before.sellers as sellers_before,
    before.sales_cny as sales_before_cny
from micro.town_certification as certification
join raw.town_dataset as dataset_ on dataset_.dataset = certification.dataset
left join towns.town_year as before
    on before.dataset = certification.dataset
    and before.town_id = certification.town_id
    and before.year = certification.year - 1
    and before.seller_group = 'all'
