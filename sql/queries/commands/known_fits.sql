-- The fits of one study as they would have come out with the figures known in each year.
-- Grain: one row per region, reading, known_by, estimator and term; a refused fit has one row.
-- $vintage, $study; $region: only this one; null for all.
select
    region,
    reading,
    known_by,
    estimator,
    reason,
    same_as,
    n,
    later_prints,
    values_used,
    not_printed,
    r2,
    term,
    coefficient,
    std_error,
    p
from model.known_fit as fit
left join model.known_coefficient as coefficient
    using (vintage, study, region, known_by, reading, estimator)
where
    vintage = $vintage
    and study = $study
    and region = coalesce($region, region)
order by region, reading desc, known_by, estimator, term_order
