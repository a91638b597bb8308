-- What the estimators need to know of each seller: town, groups, and how it stayed. Incumbents
-- opened before the first year of the data and sold something in every year, so a mean over them
-- has the same composition in all years. Stayers opened before the first year and are open in the
-- last, years without sales included. Sellers without any record are left out.
-- Private. Kept as a view, which adding up the records reads. May be empty, where there is no data set.
-- Grain: one row per dataset and seller_id.
-- dataset: data set
-- seller_id: seller
-- town_id: its town
-- gender: female, male or unknown
-- is_young: under 35 in the year of opening; false where the year of birth is not known
-- opened_year: year the shop was opened
-- first_open_year: first year with a record
-- last_open_year: last year with a record
-- records: how many years have a record
-- is_incumbent: opened before the first year, with sales and orders in every year
-- is_stayer: opened before the first year and open in the last
with open_years as (
    select
        dataset,
        seller_id,
        min(year) as first_open_year,
        max(year) as last_open_year,
        count(*) as records,
        count_if(sales_cny > 0 and orders > 0) as active_years
    from micro.seller_year
    group by dataset, seller_id
)
select
    seller.dataset,
    seller.seller_id,
    seller.town_id,
    coalesce(seller.gender, 'unknown') as gender,
    coalesce(year(seller.opened_on) - seller.birth_year < 35, false) as is_young,
    cast(year(seller.opened_on) as integer) as opened_year,
    open_years.first_open_year,
    open_years.last_open_year,
    open_years.records,
    year(seller.opened_on) < span.first_year
    and open_years.active_years = span.last_year - span.first_year + 1 as is_incumbent,
    year(seller.opened_on) < span.first_year
    and open_years.last_open_year = span.last_year as is_stayer
from micro.seller as seller
join open_years
    on open_years.dataset = seller.dataset and open_years.seller_id = seller.seller_id
join micro.data_span as span on span.dataset = seller.dataset
