-- Sums of orders after files of orders came (sign 1) or went (sign -1): as if all were added anew.
-- Grain: one row per dataset, seller_id and year with an order of any status.
-- not_before: no order of the seller in the year is older; one of that day may have gone.
select
    dataset,
    seller_id,
    year,
    cast(sum(sign * records) as bigint) as records,
    min(not_before) as not_before,
    cast(sum(sign * orders) as bigint) as orders,
    cast(sum(sign * sales_coarse) as bigint) as sales_coarse,
    cast(sum(sign * sales_fine) as bigint) as sales_fine
from micro.order_year_change
group by dataset, seller_id, year
having sum(sign * records) > 0
