-- The years that one study's model could predict from what was known before.
-- Grain: one row per region, known_by and estimator.
-- $study, $vintage; predicted, low, high, actual: in the unit of the variable; errors: ratios.
select
    region,
    variable,
    predicted_year,
    estimator,
    known_by,
    n,
    later_prints,
    values_used,
    predicted,
    low,
    high,
    actual,
    error_over_last_value,
    error_over_trend
from model.backtest
where
    study = $study
    and vintage = $vintage
    and status = 'predicted'
    and estimator in ('ols', 'ridge')
order by region, known_by, estimator
