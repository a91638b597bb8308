-- Orders that contradict their seller, and data sets with too many returns.
-- Grain: one row per dataset and rule.
-- violations: records that break the rule, or by how many more than half they are too many;
-- records: records looked at.
with checked as (
    select
        orders.dataset,
        orders.ordered_on >= seller.opened_on as not_before_opening,
        orders.status = 'completed' as is_completed
    from micro.order_record as orders
    join micro.seller as seller
        on seller.dataset = orders.dataset and seller.seller_id = orders.seller_id
)
select dataset, 'not_before_opening' as rule, count_if(not not_before_opening) as violations,
    count(*) as records
from checked
group by dataset
union all
select dataset, 'mostly_completed', greatest(count_if(not is_completed) - count(*) // 2, 0),
    count(*)
from checked
group by dataset
