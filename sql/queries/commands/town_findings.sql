-- Each claim of the published town study beside the estimate here.
-- Grain: one row per claim and part.
-- $vintage, $dataset; claimed, against: in words; breakdown: breaks of trend after over before at
-- which zero is no longer out; estimate, low, high, detectable, truth: log points, shares or an index, as scale says.
select
    claim,
    part,
    claimed,
    published_percent,
    scale,
    estimate,
    low,
    high,
    detectable,
    breakdown,
    against,
    truth,
    truth_is_inside,
    verdict,
    sentence
from model.town_finding
where vintage = $vintage and dataset = $dataset
order by finding_order
