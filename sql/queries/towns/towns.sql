-- Where the towns of a data set lie and what they are.
-- Grain: one row per town_id of $dataset.
select * exclude (dataset)
from raw.town
where dataset = $dataset
order by town_id
