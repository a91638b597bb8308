-- What each published estimation of the town study rests on, at the fewest behind any of its numbers.
-- Grain: one row per dataset, estimator, sample, control_pool, outcome and cluster.
-- $vintage.
select
    dataset,
    estimator,
    sample,
    control_pool,
    outcome,
    cluster,
    min(towns) as towns,
    min(treated_towns) as treated_towns,
    min(sellers) as sellers,
    min(effective_treated + effective_controls) - 2 as clusters_df
from model.town_estimate
where vintage = $vintage
group by dataset, estimator, sample, control_pool, outcome, cluster
order by all
