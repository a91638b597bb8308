-- What of one study's results survives other assumptions, as numbers and as verdicts on claims.
-- Grain: one row per region, sample, method, term, statistic and setting.
-- $study, $vintage; value: p-values, shares, coefficients; text: of a verdict.
select
    region,
    sample,
    method,
    term,
    statistic,
    setting,
    value,
    text
from model.robustness
where
    study = $study
    and vintage = $vintage
    and method in ('claim', 'ols', 'permutation', 'sign_flip', 'specification_summary', 'trend_alone')
order by region, sample, method, term, statistic, setting
