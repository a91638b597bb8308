-- Every figure that is printed as a class, with its document; no such row is a number anywhere.
-- Grain: one row per source, edition, region, indicator, definition and reference year.
select
    interval.*,
    document.title,
    document.publisher,
    document.published_on,
    document.standing,
    document.licence
from raw.interval as interval
join raw.document as document using (source, edition)
order by source, edition, region, indicator, definition, reference_year
