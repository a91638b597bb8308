-- Coefficients of one study that moved since the vintage published before, the largest move first.
-- Grain: one row per region, sample, estimator and term.
-- $study, $vintage; drift: which of the five things happened.
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
