-- The headline results of all studies, as they stand now.
-- Grain: one row per study, region, result and part.
-- label: official, derived, recovered or simulated.
select
    study,
    region,
    result,
    part,
    estimate,
    low,
    high,
    verdict,
    label
from current.result
order by study, region, result, part
