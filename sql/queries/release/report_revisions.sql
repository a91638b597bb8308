-- The last revision of each figure that some study takes, of the regions that a study names alone.
-- Grain: one row per region, indicator and reference_year.
-- change_pct: per cent of the print before.
with alone as (
    select study, any_value(region) as region
    from study.sample
    group by study
    having count(distinct region) = 1
),
taken as (
    select region, indicator from study.role_indicator join alone using (study)
    union
    select region, indicator from study.formula_input join alone using (study)
)
select distinct on (revision.region, revision.indicator, revision.reference_year)
    revision.region,
    revision.indicator,
    revision.definition,
    revision.reference_year,
    revision.new_source,
    revision.new_edition,
    revision.old_status,
    revision.new_status,
    revision.change_pct
from release.revision as revision
join taken using (region, indicator)
order by
    revision.region, revision.indicator, revision.reference_year, revision.new_edition desc,
    revision.definition, revision.new_source, revision.old_status, revision.new_status
