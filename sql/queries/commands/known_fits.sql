-- The fits of one study as they would have come out with the figures known in each year.
-- Grain: one row per region, reading, known_by, estimator and term; a refused fit has one row.
-- $study; $region: only this one; null for all; in the latest vintage.
select
    region,
    reading,
    known_by,
    estimator,
    status,
    reason,
    same_as,
    n,
    years,
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
    vintage = (select max(vintage) from model.vintage)
    and study = $study
    and region = coalesce($region, region)
order by region, reading desc, known_by, estimator, term_order
