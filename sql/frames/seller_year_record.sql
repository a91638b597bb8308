-- Seller-years that contradict each other or the seller.
-- Grain: one row per dataset and rule.
-- violations: records that break the rule; records: records looked at.
with checked as (
    select
        sales.dataset,
        (sales.sales_cny > 0) = (sales.orders > 0) as sales_with_orders,
        sales.year >= year(seller.opened_on) as not_before_opening,
        sales.orders = 0 or sales.sales_cny / nullif(sales.orders, 0) between 0.01 and 1000000
            as plausible_order
    from micro.seller_year as sales
    join micro.seller as seller
        on seller.dataset = sales.dataset and seller.seller_id = sales.seller_id
),
stretch as (
    select dataset, max(year) - min(year) + 1 = count(*) as without_gap
    from micro.seller_year
    group by dataset, seller_id
)
select dataset, 'sales_with_orders' as rule,
    cast(count_if(not sales_with_orders) as bigint) as violations, count(*) as records
from checked
group by dataset
union all
select dataset, 'not_before_opening', cast(count_if(not not_before_opening) as bigint), count(*)
from checked
group by dataset
union all
select dataset, 'plausible_order', cast(count_if(not plausible_order) as bigint), count(*)
from checked
group by dataset
union all
select dataset, 'without_gap', cast(count_if(not without_gap) as bigint), count(*)
from stretch
group by dataset
