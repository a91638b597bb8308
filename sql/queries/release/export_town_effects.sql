-- The effects on towns that a vintage estimated; column simulated marks made-up records.
from model.town_estimate
where vintage = $vintage
order by all
