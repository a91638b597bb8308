-- Sales and orders of every seller in every year in which the shop was open, from annual records
-- and from orders. Only completed orders count as sales. Orders do not say when a shop closed: it
-- counts as open from its opening to the last year with an order of any status or an annual record,
-- with zero sales in the years between that have none.
-- Private, kept in the order of the records. May be empty, where there is no data set.
-- Grain: one row per dataset, seller_id and year.
-- dataset: data set
-- seller_id: seller
-- year: calendar year
-- sales_cny: sales of the year, returns taken off, yuan
-- orders: completed orders of the year
with order_year as (
    select distinct dataset, year(ordered_on) as year
    from micro.order_record
),
ordered as (
    select
        dataset,
        seller_id,
        year(ordered_on) as year,
        fsum(case when status = 'completed' then amount_cny else 0 end) as sales_cny,
        count_if(status = 'completed') as orders
    from micro.order_record
    group by dataset, seller_id, year(ordered_on)
),
told as (
    select dataset, seller_id, year from ordered
    union all
    select annual.dataset, annual.seller_id, annual.year
    from micro.annual_record as annual
    where annual.dataset in (select order_year.dataset from order_year)
),
last_told as (
    select dataset, seller_id, max(year) as last_year from told group by dataset, seller_id
),
from_orders as (
    select
        seller.dataset,
        seller.seller_id,
        order_year.year,
        coalesce(ordered.sales_cny, 0) as sales_cny,
        coalesce(ordered.orders, 0) as orders
    from micro.seller as seller
    join last_told
        on last_told.dataset = seller.dataset and last_told.seller_id = seller.seller_id
    join order_year
        on order_year.dataset = seller.dataset
        and order_year.year between year(seller.opened_on) and last_told.last_year
    left join ordered
        on ordered.dataset = seller.dataset
        and ordered.seller_id = seller.seller_id
        and ordered.year = order_year.year
),
both_kinds as (
    select dataset, seller_id, year, sales_cny, orders from micro.annual_record
    union all
    select dataset, seller_id, year, sales_cny, orders from from_orders
)
select
    dataset,
    seller_id,
    cast(year as integer) as year,
    sales_cny,
    cast(orders as bigint) as orders
from both_kinds
