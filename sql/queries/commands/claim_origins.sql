-- A claim that was put to provinces or to towns: its verdict, and the estimate that answers it.
-- Grain: one row per study and part of the claim.
-- $claim; $study: only this one; null for all.
-- is_towns: of towns, else of provinces; specification, columns: outcome and regressors of the
-- estimate, columns of the tables of provinces, null for towns; estimator, inference, units and
-- what follows: of the row of answered_in that has this estimate and interval, null where none
-- can answer; units: provinces or towns that take part.
with regressors as (
    select
        study,
        specification,
        estimator,
        inference,
        sample,
        list_prepend(any_value(outcome), list(term order by term) filter (term <> 'const'))
            as columns
    from current.province_estimate
    group by study, specification, estimator, inference, sample
),
provinces as (
    select
        false as is_towns,
        finding.vintage,
        finding.study,
        finding.claim,
        finding.part,
        finding.text as asked,
        finding.label,
        finding.scale,
        finding.estimate,
        finding.low,
        finding.high,
        finding.detectable,
        finding.verdict,
        finding.sentence,
        null as against,
        finding.specification,
        finding.term,
        answer.estimator,
        answer.inference,
        answer.sample,
        answer.outcome,
        answer.std_error,
        answer.needs,
        finding.n,
        answer.provinces as units,
        answer.first_year,
        answer.last_year,
        regressors.columns
    from current.province_finding as finding
    left join current.province_estimate as answer
        on answer.study = finding.study
        and answer.specification = finding.specification
        and answer.term = finding.term
        and answer.estimate = finding.estimate
        and answer.low = finding.low
        and answer.high = finding.high
    left join regressors
        on regressors.study = answer.study
        and regressors.specification = answer.specification
        and regressors.estimator = answer.estimator
        and regressors.inference = answer.inference
        and regressors.sample = answer.sample
    qualify row_number() over (
        partition by finding.study, finding.claim, finding.part order by answer.inference desc
    ) = 1
),
towns as (
    select
        true as is_towns,
        finding.vintage,
        finding.dataset as study,
        finding.claim,
        finding.part,
        finding.claimed as asked,
        case when finding.simulated then 'simulated' else 'official' end as label,
        finding.scale,
        finding.estimate,
        finding.low,
        finding.high,
        finding.detectable,
        finding.verdict,
        finding.sentence,
        finding.against,
        null as specification,
        null as term,
        answer.estimator,
        answer.inference,
        answer.sample,
        answer.outcome,
        answer.std_error,
        answer.needs,
        null as n,
        answer.towns as units,
        null as first_year,
        null as last_year,
        null as columns
    from current.town_finding as finding
    left join current.town_estimate as answer
        on answer.dataset = finding.dataset
        and finding.answered_by = concat_ws(
            ', ',
            answer.estimator,
            answer.sample,
            nullif(answer.control_pool, ''),
            answer.outcome,
            answer.target,
            nullif(answer.cell, '')
        )
        and answer.estimate = finding.estimate
        and answer.low = finding.low
        and answer.high = finding.high
)
select * from (select * from provinces union all select * from towns)
where
    claim = $claim
    and coalesce(study = $study, true)
order by study, claim, part
