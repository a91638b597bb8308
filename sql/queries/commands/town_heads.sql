-- Each data set of towns in one line: the effect on sales, and how many claims have which verdict.
-- Grain: one row per dataset.
-- $vintage; percent, low_percent, high_percent, verdict: of claim B1, what certification adds to
-- sales.
select
    dataset,
    any_value(simulated) as simulated,
    100 * (exp(max(estimate) filter (claim = 'B1')) - 1) as percent,
    100 * (exp(max(low) filter (claim = 'B1')) - 1) as low_percent,
    100 * (exp(max(high) filter (claim = 'B1')) - 1) as high_percent,
    coalesce(max(verdict) filter (claim = 'B1'), 'cannot say') as verdict,
    count(*) filter (verdict = 'agrees') as agrees,
    count(*) filter (verdict = 'disagrees') as disagrees,
    count(*) filter (verdict not in ('agrees', 'disagrees')) as open
from model.town_finding
where vintage = $vintage
group by dataset
order by dataset
