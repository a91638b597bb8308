-- A view: what the vintage published last found, over all studies: one row per headline result with
-- its verdict and with what kind of data it rests on. A study of series gives each OLS coefficient
-- of its last sample, judged as the claim that it is significant at 5 %; the provinces and the towns
-- give each claim. Everything behind a row stands in the other tables of schema current.
-- May be empty, before anything is fitted.
-- Grain: one row per study, region, result and part.
-- vintage: the vintage published last
-- study: name of the study, key of catalog.study
-- region: code of the region, key of catalog.region; panel: all regions of the study in one fit; null for towns
-- sample: sample of the study that the result is of; null where the study has one
-- result: regressor (AIG, EG), or claim (A7, B1)
-- part: part of the claim; empty where it has none
-- question: what is asked, in words
-- scale: unit of estimate, low and high
-- estimate: the estimate; null where none can answer
-- low: lower end of its 95 % interval
-- high: upper end of its 95 % interval
-- p: p-value by OLS; null for claims, whose intervals say it
-- n: observations; for towns null
-- verdict: the verdict as the study gives it: series by robustness, claims by assets/regression/verdict.py
-- label: official (from printed figures), derived (counted by the project from a list: not official),
--     recovered (from a paper's tables: not official) or simulated
-- sentence: the verdict with its reasons, in words
with now as (select max(vintage) as vintage from model.vintage),
headline as (
    select distinct on (study, region) study, region, sample
    from model.fit
    join now using (vintage)
    left join study.sample using (study, region, sample)
    order by study, region, sample_order desc nulls last, sample
),
series as (
    select
        vintage,
        study,
        region,
        sample,
        fitted.term as result,
        '' as part,
        'Is the coefficient of ' || fitted.term || ' on ' || coalesce(dependent.index_id, 'the outcome')
        || ' significant at 5 %?' as question,
        'normalised' as scale,
        fitted.coefficient as estimate,
        low.value as low,
        high.value as high,
        fitted.p,
        fit.n,
        regexp_extract(claim.text, '^[^;:]*') as verdict,
        case
            when fit.quality = 'recovered' then 'recovered'
            when fit.quality is not null then 'official'
        end as label,
        claim.text as sentence
    from model.coefficient as fitted
    join now using (vintage)
    join headline using (study, region, sample)
    join model.fit as fit using (vintage, study, region, sample, estimator)
    left join study.variable as dependent using (study)
    left join model.robustness as claim
        on claim.vintage = fitted.vintage
        and claim.study = fitted.study
        and claim.region = fitted.region
        and claim.sample = fitted.sample
        and claim.term = fitted.term
        and claim.method = 'claim'
        and claim.statistic = 'verdict'
        and claim.setting = 'at 5 %'
    left join model.robustness as low
        on low.vintage = fitted.vintage
        and low.study = fitted.study
        and low.region = fitted.region
        and low.sample = fitted.sample
        and low.term = fitted.term
        and low.method = 'ridge_trace'
        and low.statistic = 'low'
        and low.setting = 'k=0'
    left join model.robustness as high
        on high.vintage = fitted.vintage
        and high.study = fitted.study
        and high.region = fitted.region
        and high.sample = fitted.sample
        and high.term = fitted.term
        and high.method = 'ridge_trace'
        and high.statistic = 'high'
        and high.setting = 'k=0'
    where
        fitted.estimator = 'ols'
        and fitted.term <> 'const'
        and coalesce(dependent.role, 'dependent') = 'dependent'
),
provinces as (
    select
        vintage,
        study,
        'panel' as region,
        null as sample,
        claim as result,
        part,
        text as question,
        scale,
        estimate,
        low,
        high,
        null as p,
        n,
        verdict,
        label,
        sentence
    from model.province_finding
    join now using (vintage)
),
towns as (
    select
        vintage,
        dataset as study,
        null as region,
        null as sample,
        claim as result,
        part,
        claimed as question,
        scale,
        estimate,
        low,
        high,
        null as p,
        null as n,
        verdict,
        case when simulated then 'simulated' else 'official' end as label,
        sentence
    from model.town_finding
    join now using (vintage)
),
results as (
    select * from series
    union all
    select * from provinces
    union all
    select * from towns
)
select
    vintage,
    study,
    region,
    sample,
    result,
    part,
    question,
    scale,
    estimate,
    low,
    high,
    p,
    n,
    verdict,
    label,
    sentence
from results
order by study, region, result, part
