-- Which towns are Taobao towns on the list of a year: as the data set lists them, or by the regime
-- in force for that list. The rule: at least so many Taobao villages on the list of the year, or
-- sales and active shops of the year before both above their minima; sub-districts only where the
-- regime counts them. So nothing but village lists can certify in the first year of the data, and a
-- town that falls below loses the status.
-- Private, since it holds figures that publication suppresses. May be empty without data set.
-- Formerly: micro.certification
-- Grain: one row per dataset, town_id and year.
-- dataset: data set
-- town_id: town
-- year: year of the list
-- is_certified: whether the town is on the list
-- by_rule: listed, villages, sales, or villages and sales; null where it is not certified
-- villages: Taobao villages on the list of the year
-- sales_before_cny: sales in the year before, yuan; null in the first year of the data
-- active_sellers_before: shops with sales in the year before
with village as (
    select dataset, town_id, list_year, count_if(is_taobao_village) as villages
    from micro.village_year
    group by dataset, town_id, list_year
),
town_year as (
    select
        dataset,
        town_id,
        year,
        lag(sales_cny) over (partition by dataset, town_id order by year) as sales_before_cny,
        lag(active_sellers) over (partition by dataset, town_id order by year)
            as active_sellers_before
    from micro.town_group_year
    where seller_group = 'all'
),
judged as (
    select
        town_year.dataset,
        town_year.town_id,
        town_year.year,
        dataset_.certification,
        listed.town_id is not null as is_listed,
        cast(coalesce(village.villages, 0) as integer) as villages,
        town_year.sales_before_cny,
        town_year.active_sellers_before,
        (regime.subdistricts_count or not town.is_subdistrict)
        and coalesce(village.villages, 0) >= regime.min_villages as has_villages,
        (regime.subdistricts_count or not town.is_subdistrict)
        and town_year.sales_before_cny > regime.min_sales_cny
        and town_year.active_sellers_before > regime.min_active_shops as has_sales
    from town_year
    join raw.town_dataset as dataset_ on dataset_.dataset = town_year.dataset
    join raw.town as town
        on town.dataset = town_year.dataset and town.town_id = town_year.town_id
    left join village
        on village.dataset = town_year.dataset
        and village.town_id = town_year.town_id
        and village.list_year = town_year.year
    left join raw.town_certification_list as listed
        on listed.dataset = town_year.dataset
        and listed.town_id = town_year.town_id
        and listed.year = town_year.year
    left join raw.town_certification_regime as regime
        on regime.dataset = town_year.dataset
        and town_year.year between regime.from_year and coalesce(regime.to_year, town_year.year)
),
ruled as (
    select
        dataset,
        town_id,
        year,
        villages,
        sales_before_cny,
        active_sellers_before,
        case
            when certification = 'listed' then case when is_listed then 'listed' end
            when has_villages and has_sales then 'villages and sales'
            when has_villages then 'villages'
            when has_sales then 'sales'
        end as by_rule
    from judged
)
select
    dataset,
    town_id,
    year,
    by_rule is not null as is_certified,
    by_rule,
    villages,
    sales_before_cny,
    active_sellers_before
from ruled
