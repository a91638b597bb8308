-- The data sets of the town study.
-- Grain: one row per dataset.
-- $vintage.
select distinct
    dataset,
    simulated
from model.town_finding
where vintage = $vintage
order by dataset
