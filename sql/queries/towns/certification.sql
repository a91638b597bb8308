-- Who was on the list of each year, with the records and the rule that decided it.
-- Grain: one row per town_id and year of $dataset; minima are NULL where no rule was in force.
select
    judged.town_id,
    judged.year,
    judged.is_certified,
    judged.sales_before_cny,
    judged.active_sellers_before,
    judged.villages,
    sold.active_sellers,
    town.is_subdistrict,
    regime.min_villages,
    regime.min_sales_cny,
    regime.min_active_shops,
    regime.subdistricts_count
from micro.town_certification as judged
join raw.town as town using (dataset, town_id)
join micro.town_group_year as sold
    on sold.dataset = judged.dataset
    and sold.town_id = judged.town_id
    and sold.year = judged.year
    and sold.seller_group = 'all'
left join raw.town_certification_regime as regime
    on regime.dataset = judged.dataset
    and judged.year between regime.from_year and coalesce(regime.to_year, judged.year)
where judged.dataset = $dataset
order by judged.town_id, judged.year
