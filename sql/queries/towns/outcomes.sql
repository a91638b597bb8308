-- Outcomes of the towns of a data set, as the estimators want them.
-- Grain: one row per town_id, year and outcome of $dataset.
select
    town_id,
    year,
    outcome,
    value,
    sellers
from micro.town_outcome
where dataset = $dataset
order by all
