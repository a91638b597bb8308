-- Every printed figure behind one index value.
-- Grain: one row per input_year, indicator and definition.
-- definition_name: in words; null where the indicator has one definition.
-- $index_id, $year, $study, $region, $sample.
select
    input.indicator,
    input.definition,
    definition.name_en || ' (' || definition.name_zh || ')' as definition_name,
    input.input_year,
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
    document.retyped
from indices.index_input as input
join indices.index_value as value
    on
        value.study = input.study
        and value.region = input.region
        and value.sample = input.sample
        and value.index_id = input.index_id
        and value.reference_year = input.reference_year
join raw.observation as observation
    on
        observation.source = input.source
        and observation.edition = input.edition
        and observation.region = input.region
        and observation.indicator = input.indicator
        and observation.reference_year = input.input_year
        and observation.definition = input.definition
join raw.document as document
    on document.source = observation.source and document.edition = observation.edition
left join raw.definition as definition
    on definition.indicator = input.indicator and definition.definition = input.definition
where
    input.index_id = $index_id
    and input.reference_year = $year
    and input.study = $study
    and input.region = $region
    and input.sample = $sample
order by input.input_year desc, input.indicator, input.definition
