-- Seller-years that contradict each other or the seller. What is known of towns and of sellers says
-- most of it, so that records are held against their seller only where it has one from before its
-- shop: an annual one, since orders count from the opening on.
-- Grain: one row per dataset and rule.
-- violations: records that break the rule; records: records looked at.
with told as (
    select
        dataset,
        cast(sum(sellers) as bigint) as records,
        cast(sum(one_without_other) as bigint) as without_the_other,
        cast(sum(implausible) as bigint) as implausible
    from micro.town_group_year
    where seller_group = 'all'
    group by dataset
),
suspect as (
    select dataset, seller_id, opened_year
    from micro.seller_history
    where first_open_year < opened_year
),
early as (
    select sales.dataset, count(*) as violations
    from micro.annual_record as sales
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
