-- Evidence for and against what the estimates of the town study need; what speaks for it is last.
-- Grain: one row per estimator, sample, test, cell and outcome.
-- $vintage, $dataset.
select
    estimator,
    sample,
    test,
    cell,
    verdict,
    sentence
from model.town_evidence
where vintage = $vintage and dataset = $dataset
order by verdict = 'for', verdict, estimator, sample, test, cell, outcome
