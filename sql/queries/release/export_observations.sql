-- Every print of every figure, with its document: what `yearbook export` gives as observations.
-- Grain: one row per source, edition, region, indicator, definition and reference year.
select
    observation.*,
    document.title,
    document.publisher,
    document.published_on,
    document.standing,
    document.licence
from raw.observation as observation
join raw.document as document using (source, edition)
-- not by definition, which releases of before lack
order by source, edition, region, indicator, reference_year, value
