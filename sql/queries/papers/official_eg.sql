-- Official gross product per head, which an audit holds against a paper's minimum and maximum.
-- Grain: one row per region, sample and reference_year.
-- value: 10,000 yuan per person; recovered figures are none.
select region, sample, reference_year, value
from indices.index_value
where index_id = 'EG' and value is not null and quality <> 'recovered'
