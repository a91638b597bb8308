-- A view: every document, with what it holds: who printed it, of what, and when.
-- Grain: one row per source and edition.
-- source: who printed it; with edition, the key that figures name
-- edition: year of the edition
-- title: title of the document
-- publisher: who published it
-- published_on: day of publication
-- standing: official, or in which other way the figures came here: relayed, ministry, secondary, …
-- quality: published, derived, or recovered: reckoned back from a paper's tables, not official
-- retyped: true where somebody typed the figures off a page
-- is_last_edition: true where no later edition of the source is in
-- withdrawn: why it counts no longer; null where it does
-- regions: codes of the regions it has figures of, the first ten
-- indicators: indicators that it prints
-- first_year: first reference year
-- last_year: last reference year
-- figures: prints in raw.observation
-- url: where it was found
-- licence: under which terms
-- file: path under landing/
with figure as (
    select
        source,
        edition,
        list_sort(list(distinct region)) as regions,
        string_agg(distinct indicator, ', ' order by indicator) as indicators,
        min(reference_year) as first_year,
        max(reference_year) as last_year,
        count(*) as figures
    from raw.observation
    group by source, edition
)
select
    document.source,
    document.edition,
    document.title,
    document.publisher,
    document.published_on,
    document.standing,
    document.quality,
    document.retyped,
    document.edition = max(document.edition) over (partition by document.source) as is_last_edition,
    document.withdrawn,
    array_to_string(figure.regions[1:10], ', ') as regions,
    coalesce(figure.indicators, '') as indicators,
    figure.first_year,
    figure.last_year,
    coalesce(figure.figures, 0) as figures,
    document.url,
    document.licence,
    document.file
from raw.document as document
left join figure using (source, edition)
order by document.source, document.edition
