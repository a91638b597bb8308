-- Documents that are taken, by licence and quality, and how many of them were typed by the project.
-- Grain: one row per licence and quality.
select
    licence,
    quality,
    count(*) as documents,
    count(*) filter (where retyped) as retyped,
    cast(sum(observations) as bigint) as observations
from raw.document
where withdrawn is null
group by licence, quality
order by documents desc, licence, quality
