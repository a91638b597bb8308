-- Outcomes of towns by year, from the sufficient statistics. Incumbents opened before the first year
-- of the data and have sales and orders in every year; stayers opened before the first year and are
-- open in the last; the young were under 35 in the year of opening.
-- (mean_log_sales, mean_log_orders) mean over incumbents of ln(sales in yuan) and of ln(orders);
-- (sales_per_incumbent_cny) sales over stayers, years without sales counted as zero, for Poisson;
-- (active_share) stayers with sales over stayers;
-- (mean_log_sales_if_positive) mean of ln(sales) over stayers with sales, whose composition changes;
-- (new_sellers, new_sellers_female, new_sellers_young) shops opened in the year;
-- (exits) shops whose last year was the year before, no row in the first year of the data;
-- (sales_total_cny, orders_total) of all open shops.
-- An outcome without sellers behind it has no row, except counts and totals, which are zero then.
-- Private. Kept as a view, since it adds nothing up. May be empty, where there is no data set.
-- Grain: one row per dataset, town_id, year and outcome.
-- dataset: data set
-- town_id: town
-- year: calendar year
-- outcome: what the value is, see above
-- value: log points, yuan, share or count
-- sellers: sellers behind the value
with statistic as (
    select
        dataset, town_id, year, seller_group, sellers, active_stayers, stayers, incumbents,
        log_sales_sum, log_orders_sum, stayer_sales_cny, stayer_log_sales_sum, new_sellers, exits,
        sales_cny, orders
    from micro.town_group_year
),
outcome as (
    select
        dataset, town_id, year, 'mean_log_sales' as outcome,
        log_sales_sum / nullif(incumbents, 0) as value, incumbents as sellers
    from statistic
    where seller_group = 'all'
    union all
    select
        dataset, town_id, year, 'mean_log_orders', log_orders_sum / nullif(incumbents, 0),
        incumbents
    from statistic
    where seller_group = 'all'
    union all
    select
        dataset, town_id, year, 'sales_per_incumbent_cny', stayer_sales_cny / nullif(stayers, 0),
        stayers
    from statistic
    where seller_group = 'all'
    union all
    select
        dataset, town_id, year, 'active_share', active_stayers / nullif(stayers, 0), stayers
    from statistic
    where seller_group = 'all'
    union all
    select
        dataset, town_id, year, 'mean_log_sales_if_positive',
        stayer_log_sales_sum / nullif(active_stayers, 0), active_stayers
    from statistic
    where seller_group = 'all'
    union all
    select
        dataset, town_id, year,
        case seller_group when 'all' then 'new_sellers' else 'new_sellers_' || seller_group end,
        cast(new_sellers as double), sellers
    from statistic
    where seller_group in ('all', 'female', 'young')
    union all
    select dataset, town_id, year, 'exits', cast(exits as double), sellers
    from statistic
    where seller_group = 'all'
    union all
    select dataset, town_id, year, 'sales_total_cny', sales_cny, sellers
    from statistic
    where seller_group = 'all'
    union all
    select dataset, town_id, year, 'orders_total', cast(orders as double), sellers
    from statistic
    where seller_group = 'all'
)
select dataset, town_id, year, outcome, value, sellers
from outcome
where value is not null
