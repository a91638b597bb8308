-- Seller-years that contradict each other or the seller. What is told of a seller alone says most of
-- it, so that records are held against their seller only where it has one from before its shop.
-- Grain: one row per dataset and rule.
-- violations: records that break the rule; records: records looked at.
with told as (
    select
        dataset,
        count(*) as records,
        cast(count_if((sales_cny > 0) <> (orders > 0)) as bigint) as without_the_other,
        cast(
            count_if(
                not (orders = 0 or sales_cny / nullif(orders, 0) between 0.01 and 1000000)
            ) as bigint
        ) as implausible
    from micro.seller_year
    group by dataset
),
suspect as (
    select dataset, seller_id, opened_year
    from micro.seller_history
    where first_open_year < opened_year
),
early as (
    select sales.dataset, count(*) as violations
    from micro.seller_year as sales
    join suspect
        on suspect.dataset = sales.dataset
        and suspect.seller_id = sales.seller_id
        and sales.year < suspect.opened_year
    group by sales.dataset
)
select dataset, 'sales_with_orders' as rule, without_the_other as violations, records
from told
union all
select told.dataset, 'not_before_opening', coalesce(early.violations, 0), told.records
from told
left join early on early.dataset = told.dataset
union all
select dataset, 'plausible_order', implausible, records
from told
union all
select
    dataset,
    'without_gap',
    cast(count_if(last_open_year - first_open_year + 1 <> records) as bigint),
    count(*)
from micro.seller_history
group by dataset
