-- A coefficient of a study of series with its fit, its error and the verdict on it, by estimator.
-- Grain: one row per study, region, sample and estimator; the last sample of a study stands first.
-- $term; $study, $region, $sample: only this one; null for all.
-- title, title_zh, dependent: null where the study is no more; low, high: ends of the 95 %
-- interval, of OLS alone; verdict, sentence: of a claim that OLS is significant at 5 %, null where
-- nothing was judged; is_last: whether it is of the study's last sample of that region.
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
    low.value as low,
    high.value as high,
    fitted.vif,
    fit.formula,
    fit.n,
    fit.years,
    fit.df_residual,
    fit.convention,
    fit.ridge_k,
    fit.quality,
    fit.input_fingerprint,
    judged.text as verdict,
    told.text as sentence,
    coalesce(sampled.sample_order, 0) = max(coalesce(sampled.sample_order, 0)) over (
        partition by fitted.study, fitted.region
    ) as is_last
from current.coefficient as fitted
join current.fit as fit using (vintage, study, region, sample, estimator)
left join study.sample as sampled using (study, region, sample)
left join study.variable as dependent
    on dependent.study = fitted.study and dependent.role = 'dependent'
left join current.robustness as low
    on low.study = fitted.study
    and low.region = fitted.region
    and low.sample = fitted.sample
    and low.term = fitted.term
    and (low.method, low.statistic, low.setting) = ('ridge_trace', 'low', 'k=0')
    and fitted.estimator = 'ols'
left join current.robustness as high
    on high.study = fitted.study
    and high.region = fitted.region
    and high.sample = fitted.sample
    and high.term = fitted.term
    and (high.method, high.statistic, high.setting) = ('ridge_trace', 'high', 'k=0')
    and fitted.estimator = 'ols'
left join current.robustness as judged
    on judged.study = fitted.study
    and judged.region = fitted.region
    and judged.sample = fitted.sample
    and judged.term = fitted.term
    and (judged.method, judged.statistic, judged.setting) = ('claim', 'verdict', 'at 5 %')
left join current.robustness as told
    on told.study = fitted.study
    and told.region = fitted.region
    and told.sample = fitted.sample
    and told.term = fitted.term
    and told.method = 'sentence'
where
    fitted.term = $term
    and coalesce(fitted.study = $study, true)
    and coalesce(fitted.region = $region, true)
    and coalesce(fitted.sample = $sample, true)
order by
    fitted.study, fitted.region, is_last desc, sampled.sample_order desc, fitted.sample,
    fitted.estimator
