-- What a vintage found of the claims about towns; column simulated marks made-up records.
-- Grain: one row per data set, claim and part.
from model.town_finding
where vintage = $vintage
order by dataset, finding_order
