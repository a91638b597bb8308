-- The printed counts of poor counties behind provinces.poor_county.
-- Grain: one row per region and year. $first, $last: years; that before the first is an input, too,
-- as is the first one of all, whose count is the list.
select
    figure.region,
    figure.indicator,
    figure.definition,
    figure.reference_year as input_year,
    figure.value,
    figure.unit,
    figure.printed_value,
    figure.printed_label,
    figure.printed_unit,
    figure.quality,
    figure.status,
    figure.edition,
    figure.table_number,
    figure.sheet,
    figure.cell,
    figure.file,
    observation.document_sha256,
    figure.note,
    document.title,
    document.publisher,
    document.url,
    document.retyped,
    'remaining ' || figure.reference_year as behind
from latest.figure as figure
join raw.observation as observation
    on observation.source = figure.source
    and observation.edition = figure.edition
    and observation.region = figure.region
    and observation.indicator = figure.indicator
    and observation.reference_year = figure.reference_year
    and observation.definition = figure.definition
join raw.document as document
    on document.source = figure.source and document.edition = figure.edition
where
    figure.indicator = 'national_poor_counties'
    and figure.definition = 'own'
    and figure.region in (select region from provinces.poor_county)
    and (
        figure.reference_year between $first - 1 and $last
        or figure.reference_year = (
            select min(reference_year) from provinces.poor_county as county
            where county.region = figure.region
        )
    )
order by figure.region, figure.reference_year
