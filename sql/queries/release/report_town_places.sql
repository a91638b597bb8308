-- Where each town of a data set lies, and since when it has been certified.
-- Grain: one row per town.
-- $dataset; first_year: of its first certification; null where it never was.
select
    town.town_id,
    town.longitude_deg,
    town.latitude_deg,
    min(certification.year) filter (where certification.is_certified) as first_year
from raw.town as town
left join towns.certification as certification using (dataset, town_id)
where town.dataset = $dataset
group by town.town_id, town.longitude_deg, town.latitude_deg
order by town.town_id
