-- What readers can ask for, to be compared with the last published warehouse: which years of an
-- indicator any document prints, and which index values there are.
-- Grain: one row per region, indicator and reference_year printed, and per index value that is
-- there. Net income was an indicator of its own in releases of before, as in
-- document_and_observation_key.sql.
-- kind: 'figure' or 'index value'; study, sample: '' for figures; name: indicator or index.
select distinct
    'figure' as kind,
    '' as study,
    '' as sample,
    region,
    case indicator
        when 'rural_net_income_per_head' then 'rural_disposable_income_per_head'
        else indicator
    end as name,
    reference_year
from raw.observation
union all
select 'index value', study, sample, region, index_id, reference_year
from indices.index_value
where value is not null
order by kind, study, sample, region, name, reference_year
