-- Where figures stand in print: the cells behind rows of an answer.
-- Grain: one row per region, indicator, reference_year, source and edition asked for.
-- $regions, $indicators, $years, $sources, $editions: lists of the same length, a place each for a
-- row; source and edition null: the latest print by the indicator's own definition.
with asked as (
    select
        unnest($regions) as region,
        unnest($indicators) as indicator,
        unnest($years) as reference_year,
        unnest($sources) as source,
        unnest($editions) as edition
),
cell as (
    select distinct
        observation.region,
        observation.indicator,
        observation.reference_year,
        observation.source,
        observation.edition,
        observation.file,
        observation.sheet,
        observation.cell,
        observation.printed_value,
        observation.printed_label,
        observation.quality,
        observation.definition
    from asked
    join raw.observation as observation
        on
            observation.region = asked.region
            and observation.indicator = asked.indicator
            and observation.reference_year = asked.reference_year
    left join latest.figure as figure
        on
            figure.region = observation.region
            and figure.indicator = observation.indicator
            and figure.reference_year = observation.reference_year
            and figure.definition = 'own'
    where
        observation.source = coalesce(asked.source, figure.source)
        and observation.edition = coalesce(asked.edition, figure.edition)
        and (asked.source is not null or observation.definition = 'own')
)
select
    cell.region,
    cell.indicator,
    cell.reference_year,
    cell.source,
    cell.edition,
    cell.file,
    cell.sheet,
    cell.cell,
    cell.printed_value,
    cell.printed_label,
    cell.quality,
    cell.definition,
    document.retyped
from cell
join raw.document as document using (source, edition)
order by
    cell.region, cell.indicator, cell.reference_year, cell.source, cell.edition, cell.definition
