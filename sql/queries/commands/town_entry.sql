-- What certification does to shops that open, close and stay: effects on counts, and shares with and
-- without it.
-- Grain: one row per outcome, target and cell. $vintage, $dataset.
-- cell: with or without certification, empty for the effect; percent: of an effect on a count.
select
    estimator,
    sample,
    control_pool,
    outcome,
    target,
    cell,
    inference,
    estimate,
    low,
    high,
    percent,
    percent_low,
    percent_high
from model.town_estimate
where
    vintage = $vintage
    and dataset = $dataset
    and inference = 'analytic'
    and outcome in ('new_sellers', 'new_sellers_female', 'new_sellers_young', 'exits', 'active_share')
    and target in (
        'att', 'new_sellers_female_share', 'new_sellers_young_share', 'exit_share',
        'survival_3_years'
    )
order by
    list_position(
        ['new_sellers', 'new_sellers_young', 'new_sellers_female', 'exits', 'active_share'], outcome
    ),
    target = 'att' desc, target, cell
