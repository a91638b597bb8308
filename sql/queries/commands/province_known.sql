-- The slopes of e-commerce, and of primary value added, as each edition of regional accounts would
-- have had them.
-- Grain: one row per specification, estimator, edition and term.
-- $vintage, $study; estimate_now: on the same years with the figures of the last edition.
select
    specification,
    estimator,
    known_by,
    term,
    n,
    first_year,
    last_year,
    estimate,
    std_error,
    low,
    high,
    p,
    estimate_now,
    low_now,
    high_now,
    later_prints
from model.province_known_estimate
where vintage = $vintage and study = $study and (starts_with(term, 'log_im') or term in ('log_primary', 'aig_primary'))
order by
    specification = 'income' desc,
    specification,
    term not like 'log_im%',
    list_position(['two_way', 'pooled'], estimator) nulls last,
    estimator,
    known_by
