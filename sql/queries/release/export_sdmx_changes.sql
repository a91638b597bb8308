-- From the vintage before to this one, as SDMX's ACTION: R puts an observation in place of what was
-- there, if anything was; D deletes one that is printed no more or whose document was withdrawn.
-- sdmx_now and sdmx_before: `export_sdmx_observations.sql` in the two releases.
-- Grain: one row per REF_AREA, INDICATOR, DEFINITION, SOURCE, EDITION and TIME_PERIOD that differs.
select 'R' as ACTION, *
from (
    from sdmx_now
    except
    from sdmx_before
)
union all by name
select 'D' as ACTION, FREQ, REF_AREA, INDICATOR, DEFINITION, SOURCE, EDITION, TIME_PERIOD
from sdmx_before
anti join sdmx_now using (FREQ, REF_AREA, INDICATOR, DEFINITION, SOURCE, EDITION, TIME_PERIOD)
order by ACTION, REF_AREA, INDICATOR, DEFINITION, SOURCE, EDITION, TIME_PERIOD
