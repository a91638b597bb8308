-- Index values as observations of SDMX; a missing one has no value and the status O.
-- Grain: one row per STUDY, SAMPLE, REF_AREA, INDEX and TIME_PERIOD.
select
    'I' as ACTION,
    'A' as FREQ,
    study as STUDY,
    sample as SAMPLE,
    region as REF_AREA,
    index_id as INDEX,
    reference_year as TIME_PERIOD,
    value as OBS_VALUE,
    unit as UNIT_MEASURE,
    case when value is null then 'O' end as OBS_STATUS,
    quality as QUALITY,
    status as DERIVATION,
    reason as COMMENT_OBS
from indices.index_value
order by STUDY, SAMPLE, REF_AREA, INDEX, TIME_PERIOD
