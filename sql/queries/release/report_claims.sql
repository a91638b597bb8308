-- Each claim that a coefficient is significant at 5 %, and whether it stands.
-- Grain: one row per study, region, sample and term.
-- $vintage; quality: of the figures; text: the verdict, with what speaks against it.
select
    claim.study,
    claim.region,
    claim.sample,
    claim.term,
    fit.quality,
    claim.text
from model.robustness as claim
left join model.fit as fit
    on fit.vintage = claim.vintage
    and fit.study = claim.study
    and fit.region = claim.region
    and fit.sample = claim.sample
    and fit.estimator = 'ols'
where
    claim.vintage = $vintage
    and claim.method = 'claim'
    and claim.statistic = 'verdict'
    and claim.setting = 'at 5 %'
order by claim.study, claim.region, claim.sample, claim.term
