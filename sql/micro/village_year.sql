-- Which villages are Taobao villages on the list of a year. Where the data set has a list of
-- villages, that list says it. Otherwise a village is on the list of a year when its sales and its
-- active shops of the year before reach the minima of the regime in force.
-- Sales are added up in whole numbers, as micro.town_group_year does, so in no order.
-- Private. Kept as a view, over what intake keeps. May be empty, where no village is known.
-- Grain: one row per dataset, town_id, village and list_year.
-- dataset: data set
-- town_id: town
-- village: village within the town
-- list_year: year of the list; the records are those of the year before
-- sales_before_cny: its sales in the year before, yuan; null where a list says it
-- active_sellers_before: its shops with sales in that year; null where a list says it
-- is_taobao_village: whether it is on the list
with record as (
    select
        seller.dataset,
        seller.town_id,
        seller.village,
        sales.year + 1 as list_year,
        (
            sum(floor(sales.sales_cny * 256))
            + sum(floor((sales.sales_cny * 256 - floor(sales.sales_cny * 256)) * 8589934592))
            / 8589934592
        ) / 256 as sales_cny,
        cast(count_if(sales.sales_cny > 0) as bigint) as active_sellers
    from micro.seller_year as sales
    join micro.seller as seller
        on seller.dataset = sales.dataset and seller.seller_id = sales.seller_id
    where
        seller.village is not null
        and seller.dataset not in (select listed.dataset from raw.taobao_village as listed)
    group by seller.dataset, seller.town_id, seller.village, sales.year
)
select
    record.dataset,
    record.town_id,
    record.village,
    record.list_year,
    record.sales_cny as sales_before_cny,
    record.active_sellers as active_sellers_before,
    record.sales_cny >= regime.village_min_sales_cny
    and record.active_sellers >= regime.village_min_active_shops as is_taobao_village
from record
join micro.data_span as span
    on span.dataset = record.dataset and record.list_year <= span.last_year
join raw.town_certification_regime as regime
    on regime.dataset = record.dataset
    and record.list_year between regime.from_year and coalesce(regime.to_year, record.list_year)
union all
select
    listed.dataset,
    listed.town_id,
    listed.village,
    listed.year as list_year,
    null as sales_before_cny,
    null as active_sellers_before,
    true as is_taobao_village
from raw.taobao_village as listed
