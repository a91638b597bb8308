-- The coefficients of a vintage's regressions.
-- Grain: one row per study, region, sample, estimator and term.
from model.coefficient
where vintage = $vintage
order by study, region, sample, estimator, term_order
