-- What studies found, one row a headline result.
-- Grain: one row per study, region, result and part.
-- $study: only this one; null for all. sentence: the verdict with its reasons.
select
    study,
    region,
    sample,
    result,
    part,
    question,
    estimate,
    low,
    high,
    p,
    n,
    verdict,
    label,
    sentence
from current.result
where study = coalesce($study, study)
order by study, region, result, part
