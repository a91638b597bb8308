-- Sales and orders of every seller in every year in which the shop was open, from annual records
-- and from orders. Only completed orders count as sales. Orders do not say when a shop closed: it
-- counts as open from its opening to the last year with an order of any status or an annual record,
-- with zero sales in the years between that have none.
-- Private. Kept as a view, so that no record is copied. May be empty, where there is no data set.
-- Grain: one row per dataset, seller_id and year.
-- dataset: data set
-- seller_id: seller
-- year: calendar year
-- sales_cny: sales of the year, returns taken off, yuan
-- orders: completed orders of the year
with order_years as (
    select distinct dataset, year from micro.order_year
),
told as (
    select dataset, seller_id, year from micro.order_year
    union all
    select annual.dataset, annual.seller_id, annual.year
    from micro.annual_record as annual
    where annual.dataset in (select order_years.dataset from order_years)
),
last_told as (
    select dataset, seller_id, max(year) as last_year from told group by dataset, seller_id
),
from_orders as (
    select
        seller.dataset,
        seller.seller_id,
        order_years.year,
        coalesce(
            (cast(ordered.sales_coarse as double) + cast(ordered.sales_fine as double) / 68719476736)
            / 131072,
            0
        ) as sales_cny,
        coalesce(ordered.orders, 0) as orders
    from micro.seller as seller
    join last_told
        on last_told.dataset = seller.dataset and last_told.seller_id = seller.seller_id
    join order_years
        on order_years.dataset = seller.dataset
        and order_years.year between year(seller.opened_on) and last_told.last_year
    left join micro.order_year as ordered
        on ordered.dataset = seller.dataset
        and ordered.seller_id = seller.seller_id
        and ordered.year = order_years.year
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
