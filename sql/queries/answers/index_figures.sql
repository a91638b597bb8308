-- The printed figures behind index values of an answer.
-- Grain: one row per index value asked for and figure behind it.
-- $studies, $samples, $indices, $years: lists of the same length, a place each for a row.
with asked as (
    select
        unnest($studies) as study,
        unnest($samples) as sample,
        unnest($indices) as index_id,
        unnest($years) as reference_year
)
select distinct
    input.region,
    input.indicator,
    input.input_year as reference_year,
    input.source,
    input.edition
from asked
join indices.index_input as input using (study, sample, index_id, reference_year)
order by input.region, input.indicator, input.input_year, input.source, input.edition
