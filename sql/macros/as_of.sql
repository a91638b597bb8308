-- as_of(last_edition): what latest.figure would say, had nothing been printed after that
-- edition. Same columns and same grain.
create or replace macro as_of(last_edition) as table
with ranked as (
    select
        region,
        indicator,
        definition,
        reference_year,
        source,
        edition,
        row_number() over (
            partition by region, indicator, definition, reference_year order by latest_order
        ) as place
    from staging.print_order
    where quality <> 'recovered' and edition <= last_edition
)
select
    observation.region,
    observation.indicator,
    observation.reference_year,
    observation.value,
    observation.unit,
    observation.quality,
    observation.status,
    observation.status_code,
    observation.source,
    observation.edition,
    observation.printed_value,
    observation.printed_label,
    observation.printed_unit,
    observation.file,
    observation.table_number,
    observation.sheet,
    observation.cell,
    observation.note,
    observation.definition
from ranked
join raw.observation as observation
    on observation.source = ranked.source
    and observation.edition = ranked.edition
    and observation.region = ranked.region
    and observation.indicator = ranked.indicator
    and observation.reference_year = ranked.reference_year
    and observation.definition = ranked.definition
where ranked.place = 1
