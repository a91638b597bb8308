-- Every print of every figure, with its document: what `yearbook export` gives as observations.
-- Grain: one row per source, edition, region, indicator and reference year.
select
    observation.*,
    document.title,
    document.publisher,
    document.published_on,
    document.standing,
    document.licence
from raw.observation as observation
join raw.document as document using (source, edition)
order by source, edition, region, indicator, reference_year
