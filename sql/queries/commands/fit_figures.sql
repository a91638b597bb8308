-- Every printed figure behind the rows that a study of series is fitted to.
-- Grain: one row per region, indicator, definition, input_year, source and edition.
-- $study, $region, $sample; region 'panel': all regions of the study. behind: the variables and
-- years of the fit that it goes into.
select
    observation.region,
    observation.indicator,
    observation.definition,
    observation.reference_year as input_year,
    observation.value,
    observation.unit,
    observation.printed_value,
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
    string_agg(
        distinct input.index_id || ' ' || input.reference_year, ', '
        order by input.index_id || ' ' || input.reference_year
    ) as behind
from indices.index_input as input
join current.input as taken
    on taken.study = input.study
    and taken.region = input.region
    and taken.sample = input.sample
    and taken.variable = input.index_id
    and taken.reference_year = input.reference_year
join raw.observation as observation
    on observation.source = input.source
    and observation.edition = input.edition
    and observation.region = input.region
    and observation.indicator = input.indicator
    and observation.reference_year = input.input_year
    and observation.definition = input.definition
join raw.document as document
    on document.source = observation.source and document.edition = observation.edition
where
    taken.study = $study
    and $region in (taken.region, 'panel')
    and taken.sample = $sample
group by all
order by observation.file, observation.region, observation.indicator, input_year
