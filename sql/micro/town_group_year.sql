-- Sufficient statistics of each town, year and group of sellers: with counts, sums and sums of
-- squares the estimators need no seller any more. Groups overlap in `all`: it is the sum of female,
-- male and gender_unknown, and of young and not_young. Rows without sellers are there, with zeros.
-- Sums hang on no order of the records, so on no plan, thread, spill or engine: amounts are cut into
-- whole numbers of two or three units, which doubles add up without rounding as long as the sums
-- stay below 2^53 units (sales of a town and year below 3·10^13 yuan, 2^20 sellers, squares of a
-- seller's sales below 10^23). What is cut off is less than 2^-41 yuan, or 2^-53 of a logarithm.
-- The few cells of a group are added up by size.
-- Private. Kept as a view, over what intake keeps. May be empty, where there is no data set.
-- Formerly: micro.town_year
-- Grain: one row per dataset, seller_group, town_id and year.
-- dataset: data set
-- seller_group: all, female, male, gender_unknown, young or not_young; stands early, since the
--    rows are kept in the order of their columns and most readers want one group
-- town_id: town
-- year: calendar year
-- sellers: shops open in the year
-- active_sellers: of these, with sales
-- sales_cny: their sales, yuan
-- top_seller_sales_cny: sales of the one that sells most, yuan
-- orders: their completed orders
-- new_sellers: shops opened in the year
-- exits: shops whose last year was the year before; null in the first year of the data
-- incumbents: opened before the first year, with sales and orders in every year
-- log_sales_sum: sum of ln(sales in yuan) over incumbents
-- log_sales_square_sum: sum of its squares
-- log_orders_sum: sum of ln(orders) over incumbents
-- log_orders_square_sum: sum of its squares
-- log_sales_log_orders_sum: sum of the products of both
-- stayers: opened before the first year and open in the last
-- active_stayers: of these, with sales in the year
-- stayer_sales_cny: sales of stayers, yuan
-- stayer_sales_square_sum: sum of their squares, yuan squared
-- stayer_log_sales_sum: sum of ln(sales in yuan) over stayers with sales
-- one_without_other: shops with sales and no order, or orders and no sales; for the suites
-- implausible: shops with orders of less than 0.01 or more than a million yuan; for the suites
with record as (
    select
        history.dataset,
        history.town_id,
        sales.year,
        history.gender,
        history.is_young,
        sales.sales_cny,
        sales.orders,
        history.opened_year,
        history.is_incumbent,
        history.is_stayer,
        case when sales.sales_cny > 0 then ln(sales.sales_cny) else 0 end as log_sales,
        case when sales.orders > 0 then ln(sales.orders) else 0 end as log_orders,
        sales.sales_cny * sales.sales_cny / 16777216 as square
    from micro.seller_year as sales
    join micro.seller_history as history
        on history.dataset = sales.dataset and history.seller_id = sales.seller_id
),
-- What is added up, in whole numbers of a unit and a fraction: sales in 2^-8 yuan, logarithms, their
-- squares and products in 2^-20, squares of sales in 2^24 yuan squared and the rest in 2^-9.
part as (
    select
        dataset,
        town_id,
        year,
        gender,
        is_young,
        sales_cny,
        orders,
        opened_year,
        is_incumbent,
        is_stayer,
        sales_cny * 256 as sales,
        case when is_incumbent then log_sales * 1048576 else 0 end as log_sales,
        case when is_incumbent then log_sales * log_sales * 1048576 else 0 end as log_sales_square,
        case when is_incumbent then log_orders * 1048576 else 0 end as log_orders,
        case when is_incumbent then log_orders * log_orders * 1048576 else 0 end
            as log_orders_square,
        case when is_incumbent then log_sales * log_orders * 1048576 else 0 end
            as log_sales_log_orders,
        case when is_stayer then sales_cny * 256 else 0 end as stayer_sales,
        case when is_stayer then square else 0 end as stayer_square,
        case when is_stayer then (square - floor(square)) * 8589934592 else 0 end
            as stayer_square_rest,
        case when is_stayer then log_sales * 1048576 else 0 end as stayer_log_sales
    from record
),
open_cell as (
    select
        dataset,
        town_id,
        year,
        gender,
        is_young,
        count(*) as sellers,
        count_if(sales_cny > 0) as active_sellers,
        (
            sum(floor(sales))
            + sum(floor((sales - floor(sales)) * 8589934592)) / 8589934592
        ) / 256 as sales_cny,
        max(sales_cny) as top_seller_sales_cny,
        sum(orders) as orders,
        count_if(opened_year = year) as new_sellers,
        0 as exits,
        count_if(is_incumbent) as incumbents,
        (
            sum(floor(log_sales))
            + sum(floor((log_sales - floor(log_sales)) * 8589934592)) / 8589934592
        ) / 1048576 as log_sales_sum,
        (
            sum(floor(log_sales_square))
            + sum(floor((log_sales_square - floor(log_sales_square)) * 8589934592)) / 8589934592
        ) / 1048576 as log_sales_square_sum,
        (
            sum(floor(log_orders))
            + sum(floor((log_orders - floor(log_orders)) * 8589934592)) / 8589934592
        ) / 1048576 as log_orders_sum,
        (
            sum(floor(log_orders_square))
            + sum(floor((log_orders_square - floor(log_orders_square)) * 8589934592)) / 8589934592
        ) / 1048576 as log_orders_square_sum,
        (
            sum(floor(log_sales_log_orders))
            + sum(floor((log_sales_log_orders - floor(log_sales_log_orders)) * 8589934592)) / 8589934592
        ) / 1048576 as log_sales_log_orders_sum,
        count_if(is_stayer) as stayers,
        count_if(is_stayer and sales_cny > 0) as active_stayers,
        (
            sum(floor(stayer_sales))
            + sum(floor((stayer_sales - floor(stayer_sales)) * 8589934592)) / 8589934592
        ) / 256 as stayer_sales_cny,
        (
            sum(floor(stayer_square))
            + (
                sum(floor(stayer_square_rest))
                + sum(floor((stayer_square_rest - floor(stayer_square_rest)) * 8589934592))
                / 8589934592
            ) / 8589934592
        ) * 16777216 as stayer_sales_square_sum,
        (
            sum(floor(stayer_log_sales))
            + sum(floor((stayer_log_sales - floor(stayer_log_sales)) * 8589934592)) / 8589934592
        ) / 1048576 as stayer_log_sales_sum,
        count_if((sales_cny > 0) <> (orders > 0)) as one_without_other,
        count_if(
            not (orders = 0 or sales_cny / nullif(orders, 0) between 0.01 and 1000000)
        ) as implausible
    from part
    group by dataset, town_id, year, gender, is_young
),
left_cell as (
    select
        history.dataset,
        history.town_id,
        history.last_open_year + 1 as year,
        history.gender,
        history.is_young,
        count(*) as exits
    from micro.seller_history as history
    join micro.data_span as span
        on span.dataset = history.dataset and history.last_open_year < span.last_year
    group by
        history.dataset, history.town_id, history.last_open_year, history.gender, history.is_young
),
cell as (
    select
        dataset, town_id, year, gender, is_young, sellers, active_sellers, sales_cny,
        top_seller_sales_cny, orders, new_sellers, exits, incumbents, log_sales_sum,
        log_sales_square_sum, log_orders_sum, log_orders_square_sum, log_sales_log_orders_sum,
        stayers, active_stayers, stayer_sales_cny, stayer_sales_square_sum, stayer_log_sales_sum,
        one_without_other, implausible
    from open_cell
    union all
    select
        dataset, town_id, year, gender, is_young, 0, 0, 0, 0, 0, 0, exits, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0
    from left_cell
),
group_of as (
    select gender, is_young, 'all' as seller_group
    from (values ('female'), ('male'), ('unknown')) as gender_name (gender)
    cross join (values (true), (false)) as age (is_young)
    union all
    select gender, is_young, case gender when 'unknown' then 'gender_unknown' else gender end
    from (values ('female'), ('male'), ('unknown')) as gender_name (gender)
    cross join (values (true), (false)) as age (is_young)
    union all
    select gender, is_young, case when is_young then 'young' else 'not_young' end
    from (values ('female'), ('male'), ('unknown')) as gender_name (gender)
    cross join (values (true), (false)) as age (is_young)
),
grid as (
    select
        town.dataset,
        town.town_id,
        year_of.year,
        seller_group.seller_group,
        span.first_year
    from raw.town as town
    join micro.data_span as span on span.dataset = town.dataset
    cross join unnest(range(span.first_year, span.last_year + 1)) as year_of (year)
    cross join (select distinct group_of.seller_group from group_of) as seller_group
),
grouped as (
    select
        cell.dataset,
        cell.town_id,
        cell.year,
        group_of.seller_group,
        sum(cell.sellers) as sellers,
        sum(cell.active_sellers) as active_sellers,
        fsum(cell.sales_cny order by cell.sales_cny) as sales_cny,
        max(cell.top_seller_sales_cny) as top_seller_sales_cny,
        sum(cell.orders) as orders,
        sum(cell.new_sellers) as new_sellers,
        sum(cell.exits) as exits,
        sum(cell.incumbents) as incumbents,
        fsum(cell.log_sales_sum order by cell.log_sales_sum) as log_sales_sum,
        fsum(cell.log_sales_square_sum order by cell.log_sales_square_sum) as log_sales_square_sum,
        fsum(cell.log_orders_sum order by cell.log_orders_sum) as log_orders_sum,
        fsum(cell.log_orders_square_sum order by cell.log_orders_square_sum) as log_orders_square_sum,
        fsum(cell.log_sales_log_orders_sum order by cell.log_sales_log_orders_sum) as log_sales_log_orders_sum,
        sum(cell.stayers) as stayers,
        sum(cell.active_stayers) as active_stayers,
        fsum(cell.stayer_sales_cny order by cell.stayer_sales_cny) as stayer_sales_cny,
        fsum(cell.stayer_sales_square_sum order by cell.stayer_sales_square_sum) as stayer_sales_square_sum,
        fsum(cell.stayer_log_sales_sum order by cell.stayer_log_sales_sum) as stayer_log_sales_sum,
        sum(cell.one_without_other) as one_without_other,
        sum(cell.implausible) as implausible
    from cell
    join group_of on group_of.gender = cell.gender and group_of.is_young = cell.is_young
    group by cell.dataset, cell.town_id, cell.year, group_of.seller_group
)
select
    grid.dataset,
    grid.seller_group,
    grid.town_id,
    cast(grid.year as integer) as year,
    cast(coalesce(grouped.sellers, 0) as bigint) as sellers,
    cast(coalesce(grouped.active_sellers, 0) as bigint) as active_sellers,
    coalesce(grouped.sales_cny, 0) as sales_cny,
    coalesce(grouped.top_seller_sales_cny, 0) as top_seller_sales_cny,
    cast(coalesce(grouped.orders, 0) as bigint) as orders,
    cast(coalesce(grouped.new_sellers, 0) as bigint) as new_sellers,
    case
        when grid.year > grid.first_year then cast(coalesce(grouped.exits, 0) as bigint)
    end as exits,
    cast(coalesce(grouped.incumbents, 0) as bigint) as incumbents,
    coalesce(grouped.log_sales_sum, 0) as log_sales_sum,
    coalesce(grouped.log_sales_square_sum, 0) as log_sales_square_sum,
    coalesce(grouped.log_orders_sum, 0) as log_orders_sum,
    coalesce(grouped.log_orders_square_sum, 0) as log_orders_square_sum,
    coalesce(grouped.log_sales_log_orders_sum, 0) as log_sales_log_orders_sum,
    cast(coalesce(grouped.stayers, 0) as bigint) as stayers,
    cast(coalesce(grouped.active_stayers, 0) as bigint) as active_stayers,
    coalesce(grouped.stayer_sales_cny, 0) as stayer_sales_cny,
    coalesce(grouped.stayer_sales_square_sum, 0) as stayer_sales_square_sum,
    coalesce(grouped.stayer_log_sales_sum, 0) as stayer_log_sales_sum,
    cast(coalesce(grouped.one_without_other, 0) as bigint) as one_without_other,
    cast(coalesce(grouped.implausible, 0) as bigint) as implausible
from grid
left join grouped
    on grouped.dataset = grid.dataset
    and grouped.town_id = grid.town_id
    and grouped.year = grid.year
    and grouped.seller_group = grid.seller_group
