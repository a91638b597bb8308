-- Sums of orders by seller and year as towns/order_year.sql has them, with less computing.
-- Grain: one row per seller_id and year with an order of any status in micro.order_record.
-- Doubles add whole numbers without rounding as long as all stay below 2^53; what was not less once
-- is not less in the end, since nothing is taken away. Then the sum is null.
-- dataset: $dataset; the other columns as there.
with order_amount as (
    select
        seller_id,
        cast(year(ordered_on) as integer) as year,
        ordered_on,
        status = 'completed' as is_completed,
        case when status = 'completed' then amount_cny * 131072 else 0 end as amount
    from micro.order_record
),
seller_sum as (
    select
        seller_id,
        year,
        count(*) as records,
        min(ordered_on) as not_before,
        count_if(is_completed) as orders,
        sum(floor(amount)) as sales_coarse,
        sum(floor((amount - floor(amount)) * 68719476736)) as sales_fine
    from order_amount
    group by seller_id, year
)
select
    $dataset as dataset,
    seller_id,
    year,
    records,
    not_before,
    cast(orders as bigint) as orders,
    case when sales_coarse < 9007199254740992 then cast(sales_coarse as bigint) end as sales_coarse,
    case when sales_fine < 9007199254740992 then cast(sales_fine as bigint) end as sales_fine
from seller_sum
