-- Coefficients of one study that moved since the vintage published before, the largest move first.
-- Grain: one row per region, sample, estimator and term.
-- $study, $vintage; drift: p of the test of changed years, and what happened.
select
    region,
    sample,
    estimator,
    term,
    coefficient_before,
    coefficient,
    moved_by_std_errors,
    drift
from model.drift
where study = $study and vintage = $vintage and drift <> ''
order by abs(moved_by_std_errors) desc nulls last, region, sample, estimator, term_order
