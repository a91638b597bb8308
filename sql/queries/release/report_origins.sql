-- Every printed figure behind the index values of one study.
-- Grain: one row per region, sample, index_id, reference_year, indicator, definition and input_year.
-- $study; retyped: typed by the project.
select
    input.region,
    input.sample,
    input.index_id,
    input.reference_year,
    input.indicator,
    input.input_year,
    observation.value,
    observation.unit,
    observation.printed_value,
    observation.printed_label,
    observation.quality,
    observation.status,
    observation.source,
    observation.edition,
    observation.file,
    observation.table_number,
    observation.sheet,
    observation.cell,
    document.title,
    document.retyped
from indices.index_input as input
join study.sample as declared using (study, region, sample)
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
where input.study = $study
order by
    input.region, input.sample, input.index_id, input.reference_year, input.input_year desc,
    input.indicator, input.definition
