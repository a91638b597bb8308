-- Towns of sellers that came or went in a changed year: who has orders in it, or sold in it, did not
-- before (order_now, order_before: sums of orders of the changed years), or does no more.
-- Grain: one row per town_id.
with turned as (
    select seller_id
    from order_now
    full join order_before using (seller_id, year)
    where
        (order_now.orders > 0 and greatest(order_now.sales_coarse, order_now.sales_fine) > 0)
        is distinct from (
            order_before.orders > 0
            and greatest(order_before.sales_coarse, order_before.sales_fine) > 0
        )
)
select distinct seller.town_id
from micro.every_seller as seller
semi join turned using (seller_id)
