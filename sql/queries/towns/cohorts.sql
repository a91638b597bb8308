-- When each town of a data set was certified first, and when it lost the status.
-- Grain: one row per town_id of $dataset.
select * exclude (dataset)
from micro.town_cohort
where dataset = $dataset
order by all
