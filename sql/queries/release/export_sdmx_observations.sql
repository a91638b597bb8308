-- Every print as an observation of SDMX. The edition is a dimension, so that every print is in, and
-- what was known by an edition is what has EDITION up to it. A place where a figure is due and none
-- is printed has no value and the status O, missing. The definition is a dimension, too: figures by
-- two are two series. A release from before a column states no status, and one definition.
-- Grain: one row per REF_AREA, INDICATOR, DEFINITION, SOURCE, EDITION and TIME_PERIOD.
with observation as (
    from raw.observation
    union all by name
    select null::varchar as status_code, null::varchar as definition where false
),
unavailable as (
    from raw.unavailable
    union all by name
    select null::varchar as definition where false
)
select
    'A' as FREQ,
    region as REF_AREA,
    indicator as INDICATOR,
    coalesce(definition, 'own') as DEFINITION,
    source as SOURCE,
    edition as EDITION,
    reference_year as TIME_PERIOD,
    value as OBS_VALUE,
    unit as UNIT_MEASURE,
    status_code as OBS_STATUS,
    quality as QUALITY,
    half_unit as HALF_UNIT,
    printed_value as PRINTED_VALUE,
    printed_label as PRINTED_LABEL,
    printed_unit as PRINTED_UNIT,
    file as DOCUMENT,
    document_sha256 as DOCUMENT_SHA256,
    table_number as TABLE_NUMBER,
    sheet as SHEET,
    cell as CELL,
    note as COMMENT_OBS
from observation
union all by name
select
    'A' as FREQ,
    region as REF_AREA,
    indicator as INDICATOR,
    coalesce(definition, 'own') as DEFINITION,
    source as SOURCE,
    edition as EDITION,
    reference_year as TIME_PERIOD,
    'O' as OBS_STATUS,
    printed_value as PRINTED_VALUE,
    file as DOCUMENT,
    table_number as TABLE_NUMBER,
    sheet as SHEET,
    cell as CELL,
    meaning as COMMENT_OBS
from unavailable
where not exists (
    from observation
    where observation.source = unavailable.source
        and observation.edition = unavailable.edition
        and observation.region = unavailable.region
        and observation.indicator = unavailable.indicator
        and observation.reference_year = unavailable.reference_year
        and observation.definition is not distinct from unavailable.definition
)
order by REF_AREA, INDICATOR, DEFINITION, SOURCE, EDITION, TIME_PERIOD
