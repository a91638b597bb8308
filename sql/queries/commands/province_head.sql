-- The study of provinces in one line: the slope of e-commerce, what He's ridge says, and verdicts.
-- Grain: one row, or none where the vintage has no such study.
-- $vintage.
select
    finding.study,
    finding.n,
    finding.term,
    finding.estimate,
    finding.low,
    finding.high,
    finding.verdict,
    ridge.estimate as ridge_estimate,
    ridge.p as ridge_p,
    ols.estimate as ols_estimate,
    ols.p as ols_p,
    (
        select value from model.province_diagnostic as vif
        where vif.vintage = $vintage and vif.kind = 'ols' and vif.statistic = 'vif'
        order by value desc limit 1
    ) as max_vif
from model.province_finding as finding
left join model.province_estimate as ridge
    on ridge.vintage = finding.vintage
    and ridge.estimator = 'he_ridge'
    and ridge.term = 'im_sales'
left join model.province_estimate as ols
    on ols.vintage = finding.vintage
    and ols.estimator = 'he_ols'
    and ols.term = 'im_sales'
where finding.vintage = $vintage and finding.claim = 'A7' and finding.part = 'income'
