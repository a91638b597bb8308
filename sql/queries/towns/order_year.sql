-- Sums of orders by seller and year as whole numbers, which give the same whatever is added up
-- first: months, threads, engines. Amounts are cut at 2^-53 yuan, so that those of half a yuan and
-- more are taken as they are.
-- Grain: one row per dataset, seller_id and year with an order of any status.
-- records: orders of any status; not_before: the day of the first; orders: completed ones;
-- sales_coarse: what was paid for these, in 2^-17 yuan; sales_fine: the rest of it, in 2^-53 yuan.
with order_amount as (
    select
        dataset,
        seller_id,
        cast(year(ordered_on) as integer) as year,
        ordered_on,
        status = 'completed' as is_completed,
        case when status = 'completed' then amount_cny * 131072 else 0 end as amount
    from micro.order_record
)
select
    dataset,
    seller_id,
    year,
    count(*) as records,
    min(ordered_on) as not_before,
    cast(count_if(is_completed) as bigint) as orders,
    cast(sum(cast(floor(amount) as bigint)) as bigint) as sales_coarse,
    cast(
        sum(cast(floor((amount - floor(amount)) * 68719476736) as bigint)) as bigint
    ) as sales_fine
from order_amount
group by dataset, seller_id, year
