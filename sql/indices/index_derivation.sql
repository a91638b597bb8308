-- All indices of all studies, with or without a value.
-- Grain: one row per study, region, sample, index_id and reference_year.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample
-- index_id: PI, AIG, IM, CEI, aEDI, EG or an index of the study's own
-- reference_year: year
-- value: in the unit that study.variable states; null where missing
-- status: computed, reported or missing
-- reason: why it is missing
select study, region, sample, 'PI' as index_id, reference_year, value, status, reason
from indices.poverty_incidence
union all
select study, region, sample, 'AIG' as index_id, reference_year, value, status, reason
from indices.agricultural_income_growth
union all
select study, region, sample, 'IM' as index_id, reference_year, value, status, reason
from indices.ecommerce_transaction_index
union all
select study, region, sample, 'CEI' as index_id, reference_year, value, status, reason
from indices.consumer_expenditure_index
union all
select study, region, sample, 'aEDI' as index_id, reference_year, value, status, reason
from indices.ecommerce_development_index
union all
select study, region, sample, 'EG' as index_id, reference_year, value, status, reason
from indices.economic_growth
union all
select study, region, sample, index_id, reference_year, value, status, reason
from indices.formula_index
