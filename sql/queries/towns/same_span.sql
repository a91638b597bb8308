-- Whether the years of sellers that were added up lie within micro.data_span, and the towns still
-- have shops in its first and its last year.
-- Grain: one row.
select
    coalesce(bool_and(outside.years = 0 and edge.sellers > 0), true) as is_same
from micro.data_span as span
cross join lateral (
    select count(*) as years
    from micro.seller_year as sales
    where sales.year not between span.first_year and span.last_year
) as outside
cross join lateral (
    select min(shops) as sellers
    from (
        select sum(sellers) as shops
        from micro.town_group_year as town_year
        where
            town_year.year in (span.first_year, span.last_year)
            and town_year.seller_group = 'all'
        group by town_year.year
    ) as of_edge
) as edge
