-- The coefficients of one study in one vintage.
-- Grain: one row per region, sample, estimator and term.
-- $study, $vintage; n, r2: of the fit.
select
    sample,
    region,
    estimator,
    term,
    term_order,
    coefficient,
    std_error,
    t,
    p,
    stars,
    vif,
    n,
    r2
from model.coefficient
join model.fit using (vintage, study, region, sample, estimator)
left join study.sample using (study, region, sample)
where study = $study and vintage = $vintage
order by estimator, region, sample_order, sample, term_order
