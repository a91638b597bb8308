-- Effects of certification on sales, the headline first, and the headline's on orders.
-- Grain: one row per estimator, sample, control_pool, outcome and inference.
-- Errors of towns that depend on each other (inference: jackknife, by county) of the headline alone.
-- $vintage, $dataset; percent, percent_low, percent_high: per cent a year.
with estimate as (
    select
        *,
        estimator = 'synthetic_did'
        and inference = 'jackknife'
        and control_pool = 'never' as is_headline
    from model.town_estimate
    where
        vintage = $vintage
        and dataset = $dataset
        and target = 'att'
        and percent is not null
)
select
    estimator,
    sample,
    control_pool,
    outcome,
    inference,
    percent,
    percent_low,
    percent_high,
    treated_towns,
    towns,
    effective_treated,
    effective_controls
from estimate
where
    (outcome = 'mean_log_sales' or (outcome = 'mean_log_orders' and is_headline))
    and (
        not contains(inference, ', ')
        or (
            estimator = 'synthetic_did'
            and sample = (
                select coalesce(max(own.sample) filter (own.sample <> 'all towns'), 'all towns')
                from estimate as own
                where own.is_headline
            )
        )
    )
order by
    not is_headline, starts_with(sample, 'all towns'), outcome desc, estimator, control_pool, inference
