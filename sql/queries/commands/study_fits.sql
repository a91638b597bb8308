-- The fits of one study in one vintage, those of a panel after the others.
-- Grain: one row per region, sample and estimator.
-- $study, $vintage.
select
    sample,
    region,
    estimator,
    status,
    reason,
    n,
    years,
    quality,
    equation,
    verdict,
    convention,
    ridge_k,
    r,
    r2,
    adjusted_r2,
    f,
    f_p,
    df_residual
from model.fit
left join study.sample using (study, region, sample)
where study = $study and vintage = $vintage
order by sample_order nulls last, sample, region, estimator
