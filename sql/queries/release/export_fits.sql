-- The regressions of a vintage, each with its verdict.
-- Grain: one row per study, region, sample and estimator.
from model.fit
where vintage = $vintage
order by study, region, sample, estimator
