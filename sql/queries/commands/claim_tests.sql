-- What speaks for or against the estimate behind a claim: first what may forbid a verdict.
-- Grain: one row per test, cell, estimator and outcome.
-- $study; $specification, $term: of the estimate, of provinces; $sample: of towns.
-- bears_on: what it was tried on.
with test as (
    select
        test,
        '' as cell,
        specification || ', ' || term as bears_on,
        verdict,
        sentence
    from current.province_evidence
    where study = $study and specification = $specification and term = $term
    union all
    select
        test,
        cell,
        concat_ws(', ', estimator, sample, outcome) as bears_on,
        verdict,
        sentence
    from current.town_evidence
    where dataset = $study and sample = $sample
)
select test, cell, bears_on, verdict, sentence
from test
order by
    verdict <> 'against',
    test not in ('pre_trend', 'placebo_date', 'placebo_towns', 'near_towns_as_controls', 'lead'),
    list_position(['cannot say', 'for'], verdict),
    test,
    cell,
    bears_on
