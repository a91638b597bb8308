-- Coefficients on the figures as first printed, beside those on the latest prints.
-- Grain: one row per study, region, estimator and term.
-- $vintage; $region: only this one; null for all; coefficients: range shares of the dependent per
-- range of the regressor; moved: the difference over the standard error on first prints.
with coefficient as (
    select
        study, region, estimator, term, term_order, sample.choose, n, coefficient, std_error
    from model.coefficient as coefficient
    join model.fit as fit using (vintage, study, region, sample, estimator)
    join study.sample as sample using (study, region, sample)
    where
        vintage = $vintage
        and region = coalesce($region, region)
)
select
    study,
    region,
    estimator,
    term,
    first.n as first_n,
    latest.n as latest_n,
    first.coefficient as first_coefficient,
    latest.coefficient as latest_coefficient,
    first.std_error as first_std_error,
    (latest.coefficient - first.coefficient) / nullif(first.std_error, 0) as moved
from coefficient as first
join coefficient as latest using (study, region, estimator, term, term_order)
where first.choose = 'first_printed' and latest.choose = 'latest'
order by study, region, estimator, term_order
