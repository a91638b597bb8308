-- Each study in one line: the fit of its last sample, and how many regions it has.
-- Grain: one row per study.
-- $vintage; quality, status, n, r2, max_vif: of OLS on the last sample; null where the study has no
-- model.
select distinct on (sample.study)
    sample.study,
    sample.region,
    sample.sample,
    count(distinct sample.region) over (partition by sample.study) as regions,
    fit.status,
    fit.quality,
    fit.n,
    fit.r2,
    collinearity.value as max_vif
from study.sample as sample
left join model.fit as fit
    on fit.study = sample.study
    and fit.region = sample.region
    and fit.sample = sample.sample
    and fit.estimator = 'ols'
    and fit.vintage = $vintage
left join model.diagnostic as collinearity
    on collinearity.study = sample.study
    and collinearity.region = sample.region
    and collinearity.sample = sample.sample
    and collinearity.statistic = 'max_vif'
    and collinearity.vintage = $vintage
order by sample.study, sample.sample_order desc, sample.region
