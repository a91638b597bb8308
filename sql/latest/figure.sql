-- A view: the latest print of every figure, by the precedence of staging.print_order, without
-- recovered figures. The same as of an earlier edition: the table macro as_of(edition).
-- Formerly: latest.observation
-- Grain: one row per region, indicator, definition and reference_year.
-- region: ISO code of the region
-- indicator: what the figure is
-- reference_year: year the figure is about
-- value: value in the canonical unit
-- unit: canonical unit
-- quality: published or derived
-- status: final, revised, provisional, estimated or forecast
-- status_code: its code in SDMX's CL_OBS_STATUS
-- source: who printed the figure
-- edition: year it was printed
-- printed_value: the number as printed, in printed_unit
-- printed_label: the label as printed
-- printed_unit: the unit as printed
-- file: document, path under landing/
-- table_number: table of the document, as its card numbers it
-- sheet: sheet of the workbook; null for CSV
-- cell: cell, A1 style
-- note: note beside the figure
-- definition: own (what the indicator is named for), or another one of raw.definition: another series
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
    where quality <> 'recovered'
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
