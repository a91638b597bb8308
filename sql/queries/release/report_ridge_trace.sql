-- The ridge trace of one study: each coefficient and its VIF at each constant k.
-- Grain: one row per region, sample, term and k.
-- $study, $vintage; setting: as model.robustness names it.
select
    region,
    sample,
    term,
    setting,
    cast(substr(setting, 3) as double) as k,
    max(value) filter (statistic = 'coefficient') as coefficient,
    max(value) filter (statistic = 'vif') as vif
from model.robustness
where
    study = $study
    and vintage = $vintage
    and method = 'ridge_trace'
    and statistic in ('coefficient', 'vif')
    and term not in ('', 'const')
    and starts_with(setting, 'k=')
group by region, sample, term, setting
order by region, sample, term, k
