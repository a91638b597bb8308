-- What other lists of certified towns would gain, gains of near towns counted, in words.
-- Grain: one row per scenario.
-- $vintage, $dataset.
select sentence || ' ' || cannot_say as sentence
from model.town_policy
where vintage = $vintage and dataset = $dataset and spillovers
order by scenario
