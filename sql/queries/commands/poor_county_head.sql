-- The study of poor counties in one line: the slope of e-commerce within provinces and between them.
-- Grain: one row, or none where the vintage has no such study.
-- $vintage, $study; p_between: by the bootstrap of scores; years_share: of the deviance.
select
    remaining.study,
    remaining.n,
    own.provinces,
    own.first_year,
    own.last_year,
    remaining.estimate,
    remaining.low,
    remaining.high,
    remaining.verdict,
    exits.estimate as exit_estimate,
    exits.low as exit_low,
    exits.high as exit_high,
    exits.verdict as exit_verdict,
    apart.estimate as between_estimate,
    apart.p as between_p,
    path.statistic as years_share
from model.province_finding as remaining
join model.province_finding as exits
    on exits.vintage = remaining.vintage
    and exits.study = remaining.study
    and exits.specification = 'exit'
join model.province_estimate as own
    on own.vintage = remaining.vintage
    and own.study = remaining.study
    and own.specification = 'remaining'
    and own.estimator = 'fractional_logit_within'
    and own.inference = 'clustered'
    and own.sample = 'all'
    and own.term = remaining.term
join model.province_estimate as apart
    on apart.vintage = remaining.vintage
    and apart.study = remaining.study
    and apart.specification = 'remaining'
    and apart.estimator = 'fractional_logit'
    and apart.inference = 'score_bootstrap'
    and apart.sample = 'all'
    and apart.term = remaining.term
join model.province_evidence as path
    on path.vintage = remaining.vintage
    and path.study = remaining.study
    and path.specification = 'remaining'
    and path.term = remaining.term
    and path.test = 'common_path'
where
    remaining.vintage = $vintage
    and remaining.study = $study
    and remaining.specification = 'remaining'
