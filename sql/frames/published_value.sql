-- What readers can ask for, to be compared with the last published warehouse: which years of an
-- indicator any document prints, and which index values there are.
-- Grain: one row per region, indicator and reference_year printed, and per index value that is
-- there.
-- kind: 'figure' or 'index value'; study, sample: '' for figures; name: indicator or index.
select distinct
    'figure' as kind, '' as study, '' as sample, region, indicator as name, reference_year
from raw.observation
union all
select 'index value', study, sample, region, index_id, reference_year
from indices.index_value
where value is not null
order by kind, study, sample, region, name, reference_year
