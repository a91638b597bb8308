-- What the verdict on a coefficient of a study of series rests on, rows of model.robustness.
-- Grain: one row per method, statistic and setting, as the sentence on it goes through them.
-- $study, $region, $sample, $term; statistic: what value is; note: how it was counted, or why
-- there is none.
select
    method,
    statistic,
    setting,
    value,
    text as note
from current.robustness
where
    study = $study
    and region = $region
    and sample = $sample
    and term = $term
    and (
        method in ('specification_summary', 'permutation', 'sign_flip', 'trend_baseline')
        or (method in ('ols', 'first_differences', 'detrended') and statistic = 'coefficient')
    )
order by
    list_position(
        [
            'specification_summary', 'ols', 'first_differences', 'detrended', 'permutation',
            'sign_flip', 'trend_baseline'
        ],
        method
    ),
    statistic,
    setting
