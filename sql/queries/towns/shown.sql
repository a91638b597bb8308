-- What is shown of every total of the towns, and why the others are withheld.
-- Grain: one row per figure; rows of micro.area_disclosure.
select
    dataset,
    level,
    area,
    year,
    seller_group,
    sellers,
    sales_cny,
    orders,
    is_published,
    reason,
    is_standing
from micro.area_disclosure
order by all
