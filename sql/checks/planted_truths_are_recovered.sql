-- Of simulated data, whether the planted truth lies within each interval of 95 %.
-- Check on: model.town_finding
-- Grain: one row per claim whose truth lies outside; one in twenty does by chance.
-- Severity: warning
-- Message: {rows} {planted truth lies|planted truths lie} outside the interval of the estimate.
select dataset, claim, part, sentence
from model.town_finding
where not truth_is_inside and vintage = $vintage
order by all
