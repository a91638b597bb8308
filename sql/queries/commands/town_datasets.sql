-- The data sets of the town study.
-- Grain: one row per dataset.
-- $vintage; $dataset: only this one; null for all.
select distinct
    dataset,
    simulated
from model.town_finding
where vintage = $vintage and coalesce(dataset = $dataset, true)
order by dataset
