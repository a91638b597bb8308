-- When each town was first certified, and whether it lost the status.
-- Private, as all that the estimators read. May be empty, where there is no data set.
-- Grain: one row per dataset and town_id.
-- dataset: data set
-- town_id: town
-- first_certified_year: first year on the list; null for never
-- lost_year: first year off the list after that; null where it was kept to the end
-- is_never: whether the town is on no list of the data
-- first_year: first year of the data
-- last_year: last year of the data
with first as (
    select dataset, town_id, min(year) as first_certified_year
    from micro.town_certification
    where is_certified
    group by dataset, town_id
),
lost as (
    select certification.dataset, certification.town_id, min(certification.year) as lost_year
    from micro.town_certification as certification
    join first
        on first.dataset = certification.dataset
        and first.town_id = certification.town_id
        and certification.year > first.first_certified_year
    where not certification.is_certified
    group by certification.dataset, certification.town_id
)
select
    town.dataset,
    town.town_id,
    first.first_certified_year,
    lost.lost_year,
    first.first_certified_year is null as is_never,
    span.first_year,
    span.last_year
from raw.town as town
join micro.data_span as span on span.dataset = town.dataset
left join first on first.dataset = town.dataset and first.town_id = town.town_id
left join lost on lost.dataset = town.dataset and lost.town_id = town.town_id
