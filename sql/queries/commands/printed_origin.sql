-- A printed number of a published study: where it is printed, and what it is computed from.
-- Grain: one row per printed number in the cell. $study, $cell, $vintage.
-- contract: replication.yaml as JSON; file, title, publisher, document_sha256: of the document with
-- the printed tables, null where printed.csv of the folder has the number.
select
    comparison.study,
    replication.title as study_title,
    replication.published_in,
    replication.contract,
    replication.content_sha256,
    comparison.table_number,
    comparison.cell,
    comparison.step,
    comparison.term,
    comparison.other_term,
    comparison.statistic,
    comparison.printed_value,
    comparison.computed,
    comparison.verdict,
    comparison.reason,
    nullif(comparison.source, '') as source,
    comparison.edition,
    document.title,
    document.publisher,
    document.document_sha256,
    figures.title as data_title,
    figures.document_sha256 as data_sha256
from model.printed_comparison as comparison
join raw.replication as replication on replication.replication = comparison.study
left join raw.document as document
    on document.source = comparison.source and document.edition = comparison.edition
left join raw.document as figures
    on figures.source || '/' || figures.edition
    = replication.contract ->> ('$.data.' || comparison.sample || '.document')
where
    comparison.vintage = $vintage
    and comparison.study = $study
    and (
        comparison.cell = $cell
        or comparison.table_number || ' ' || comparison.cell = $cell
    )
order by comparison.statistic, comparison.term
