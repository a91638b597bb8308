-- Slopes of one regressor by every estimator and inference, of all provinces and of samples of them.
-- Grain: one row per specification, estimator, inference, sample and term.
-- $vintage, $study.
select
    specification,
    estimator,
    inference,
    sample,
    term,
    outcome,
    n,
    first_year,
    last_year,
    estimate,
    std_error,
    p,
    low,
    high,
    needs
from model.province_estimate
where vintage = $vintage and study = $study
order by
    specification = 'income' desc,
    specification,
    list_position(
        [
            'he_ols', 'he_ridge', 'pooled', 'two_way', 'first_difference',
            'first_difference_beside_shocks', 'long_difference', 'mean_group',
            'common_correlated_effects', 'leads_and_lags', 'mundlak', 'own_years'
        ],
        estimator
    ),
    inference,
    sample,
    term
