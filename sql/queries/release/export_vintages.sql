-- The vintages up to the one that is exported.
-- Grain: one row per vintage.
from model.vintage
order by vintage
