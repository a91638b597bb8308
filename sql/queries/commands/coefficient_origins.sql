-- A coefficient of a study of series with its fit, its error and the verdict on it, by estimator.
-- Grain: one row per study, region, sample and estimator; the last sample of a study stands first.
-- $term; $study, $region, $sample: only this one; null for all.
-- title, title_zh, dependent: null where the study is no more; low, high: ends of the 95 %
-- interval, of OLS alone; verdict, sentence: of a claim that OLS is significant at 5 %, null where
-- nothing was judged; is_last: whether it is of the study's last sample of that region.
with evidence as (
    select
        study,
        region,
        sample,
        term,
        any_value(value) filter (method = 'ridge_trace' and statistic = 'low' and setting = 'k=0')
            as low,
        any_value(value) filter (method = 'ridge_trace' and statistic = 'high' and setting = 'k=0')
            as high,
        any_value(text) filter (method = 'claim' and statistic = 'verdict' and setting = 'at 5 %')
            as verdict,
        any_value(text) filter (method = 'sentence') as sentence
    from current.robustness
    group by study, region, sample, term
)
select
    fitted.vintage,
    fitted.study,
    sampled.title,
    sampled.title_zh,
    fitted.region,
    fitted.sample,
    dependent.index_id as dependent,
    fitted.term,
    fitted.estimator,
    fitted.coefficient,
    fitted.std_error,
    fitted.t,
    fitted.p,
    case when fitted.estimator = 'ols' then evidence.low end as low,
    case when fitted.estimator = 'ols' then evidence.high end as high,
    fitted.vif,
    fit.formula,
    fit.n,
    fit.years,
    fit.df_residual,
    fit.convention,
    fit.ridge_k,
    fit.quality,
    fit.input_fingerprint,
    evidence.verdict,
    evidence.sentence,
    coalesce(sampled.sample_order, 0) = max(coalesce(sampled.sample_order, 0)) over (
        partition by fitted.study, fitted.region
    ) as is_last
from current.coefficient as fitted
join current.fit as fit using (vintage, study, region, sample, estimator)
left join study.sample as sampled using (study, region, sample)
left join study.variable as dependent
    on dependent.study = fitted.study and dependent.role = 'dependent'
left join evidence
    on evidence.study = fitted.study
    and evidence.region = fitted.region
    and evidence.sample = fitted.sample
    and evidence.term = fitted.term
where
    fitted.term = $term
    and coalesce(fitted.study = $study, true)
    and coalesce(fitted.region = $region, true)
    and coalesce(fitted.sample = $sample, true)
order by
    fitted.study, fitted.region, is_last desc, sampled.sample_order desc, fitted.sample,
    fitted.estimator
