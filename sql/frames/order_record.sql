-- Orders that contradict their seller, and data sets with too many returns. The kept sums say both,
-- so that no order of a month that passed is read again: only those of sellers that may have one
-- older than their shop.
-- Grain: one row per dataset and rule.
-- violations: records that break the rule, or how many more are not completed than are;
-- records: records looked at.
with seller_orders as (
    select dataset, seller_id, min(not_before) as not_before
    from micro.order_year
    group by dataset, seller_id
),
suspect as (
    select seller.dataset, seller.seller_id, seller.opened_on
    from micro.seller as seller
    join seller_orders
        on seller_orders.dataset = seller.dataset
        and seller_orders.seller_id = seller.seller_id
        and seller_orders.not_before < seller.opened_on
),
early as (
    select orders.dataset, count(*) as violations
    from micro.order_record as orders
    join suspect
        on suspect.dataset = orders.dataset
        and suspect.seller_id = orders.seller_id
        and orders.ordered_on < suspect.opened_on
    group by orders.dataset
),
told as (
    select
        dataset,
        cast(sum(records) as bigint) as records,
        cast(sum(orders) as bigint) as completed
    from micro.order_year
    group by dataset
)
select told.dataset, 'not_before_opening' as rule, coalesce(early.violations, 0) as violations,
    told.records
from told
left join early on early.dataset = told.dataset
union all
select dataset, 'mostly_completed', greatest(records - completed - completed, 0), records
from told
