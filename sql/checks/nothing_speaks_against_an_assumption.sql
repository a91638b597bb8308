-- Whether a test of the town study speaks against what an estimator needs.
-- Check on: model.town_evidence
-- Grain: one row per test that does, with its sentence.
-- Severity: warning
-- Message: {rows} {test speaks|tests speak} against what an estimator needs.
select dataset, estimator, sample, test, sentence
from model.town_evidence
where verdict = 'against' and vintage = $vintage
order by all
