-- Every print of one figure, the latest first of each definition, recovered ones last.
-- Grain: one row per region, definition, source and edition.
-- $indicator, $year; $region: only this one; null for all. place: 1 is the latest print, which
-- counts where nothing else is asked for.
select
    observation.region,
    observation.indicator,
    observation.definition,
    definition.name_en || ' (' || definition.name_zh || ')' as definition_name,
    observation.reference_year as input_year,
    observation.value,
    observation.unit,
    observation.printed_value,
    observation.stored_value,
    observation.printed_label,
    observation.printed_unit,
    observation.quality,
    observation.status,
    observation.edition,
    observation.table_number,
    observation.sheet,
    observation.cell,
    observation.file,
    observation.document_sha256,
    observation.note,
    document.title,
    document.publisher,
    document.url,
    document.retyped,
    row_number() over (
        partition by observation.region, observation.definition
        order by observation.quality = 'recovered', ranked.latest_order
    ) as place
from staging.print_order as ranked
join raw.observation as observation
    on
        observation.source = ranked.source
        and observation.edition = ranked.edition
        and observation.region = ranked.region
        and observation.indicator = ranked.indicator
        and observation.reference_year = ranked.reference_year
        and observation.definition = ranked.definition
join raw.document as document
    on document.source = observation.source and document.edition = observation.edition
left join raw.definition as definition
    on
        definition.indicator = observation.indicator
        and definition.definition = observation.definition
where
    observation.indicator = $indicator
    and observation.reference_year = $year
    and coalesce(observation.region = $region, true)
order by observation.region, observation.definition <> 'own', observation.definition, place
