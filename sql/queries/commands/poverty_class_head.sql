-- The study of poverty classes in one line: the slope of e-commerce within provinces and between.
-- Grain: one row, or none where the vintage has no such study.
-- $vintage, $study; open_changes: provinces whose classes leave open whether incidence fell.
select
    finding.study,
    finding.n,
    own.provinces,
    finding.estimate,
    finding.low,
    finding.high,
    finding.verdict,
    apart.estimate as between_estimate,
    apart.p as between_p,
    cast(changes.statistic as bigint) as open_changes
from model.province_finding as finding
join model.province_estimate as own
    on own.vintage = finding.vintage
    and own.study = finding.study
    and own.specification = finding.specification
    and own.estimator = 'interval_regression_within'
    and own.inference = 'larger_of_both'
    and own.sample = 'all'
    and own.term = finding.term
join model.province_estimate as apart
    on apart.vintage = finding.vintage
    and apart.study = finding.study
    and apart.specification = finding.specification
    and apart.estimator = 'interval_regression'
    and apart.inference = 'larger_of_both'
    and apart.sample = 'all'
    and apart.term = finding.term
join model.province_evidence as changes
    on changes.vintage = finding.vintage
    and changes.study = finding.study
    and changes.specification = finding.specification
    and changes.term = finding.term
    and changes.test = 'open_changes'
where finding.vintage = $vintage and finding.study = $study
