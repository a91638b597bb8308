-- Towns and certified towns of a data set, by province.
-- Grain: one row per province.
-- $dataset, $province: null for all; certified: in any year.
select
    town.province,
    count(distinct town.town_id) as towns,
    count(distinct town.town_id) filter (where certification.is_certified) as certified
from raw.town as town
left join towns.certification as certification using (dataset, town_id)
where town.dataset = $dataset and town.province = coalesce($province, town.province)
group by town.province
order by town.province
