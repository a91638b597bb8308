-- The effects on sales by year since certification, cohort, development and distance; of all towns
-- where no control lies outside the rings.
-- Grain: one row per estimator, sample, control_pool, outcome, target, cell and inference.
-- $vintage, $dataset; estimate, low, high: log points; percent: per cent a year;
-- percent_band_low, percent_band_high: band that holds all years since certification at once.
select
    estimator,
    sample,
    control_pool,
    outcome,
    target,
    cell,
    inference,
    estimate,
    low,
    high,
    percent,
    percent_low,
    percent_high,
    percent_band_low,
    percent_band_high
from model.town_estimate
where
    vintage = $vintage
    and dataset = $dataset
    and outcome = 'mean_log_sales'
    and percent is not null
    and (
        (
            target in ('event_time', 'cohort')
            and estimator = 'synthetic_did'
            and control_pool = 'never'
            and inference = 'jackknife'
            and (
                sample <> 'all towns'
                or not exists (
                    select 1
                    from model.town_estimate as far
                    where
                        far.vintage = $vintage
                        and far.dataset = $dataset
                        and far.estimator = 'synthetic_did'
                        and far.outcome = 'mean_log_sales'
                        and far.sample <> 'all towns'
                        and far.target = 'event_time'
                )
            )
        )
        or (target in ('development_tercile', 'ring') and estimator = 'imputation')
    )
order by target, sample, try_cast(regexp_extract(cell, '-?[0-9]+') as integer), cell, estimator
