-- Each claim of the published town study beside the estimate here.
-- Grain: one row per claim and part.
-- $vintage, $dataset; estimate, low, high, detectable, truth: log points, shares or an index, as scale says.
select
    claim,
    part,
    published_percent,
    scale,
    estimate,
    low,
    high,
    detectable,
    truth,
    truth_is_inside,
    verdict,
    sentence
from model.town_finding
where vintage = $vintage and dataset = $dataset
order by finding_order
