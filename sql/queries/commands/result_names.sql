-- What results are called, and the studies that have them.
-- Grain: one row per result and study; regressors first, then claims.
-- is_claim: of provinces or towns; else a regressor of a study of series.
select distinct term as result, study, false as is_claim
from current.coefficient
where term <> 'const'
union all
select distinct claim, study, true from current.province_finding
union all
select distinct claim, dataset, true from current.town_finding
order by is_claim, result, study
