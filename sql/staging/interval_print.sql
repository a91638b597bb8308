-- The class that counts for each figure that is printed as one, and never as a point by these rows:
-- no forecast; final and revised before provisional, then the later edition, then the source's name.
-- May be empty, where no document prints a class.
-- Grain: one row per region, indicator, definition and reference_year.
-- region: ISO code of the region
-- indicator: what the figure is
-- definition: own, or the other definition of the indicator that it counts by
-- reference_year: year the figure is about
-- low: lower end in the canonical unit; NULL: open
-- high: upper end; NULL: open
-- unit: canonical unit of the indicator
-- printed_value: the class as printed
-- quality: published or derived
-- source: who printed it
-- edition: year it was printed
-- cell: where it stands in the document
select
    region,
    indicator,
    definition,
    reference_year,
    low,
    high,
    unit,
    printed_value,
    quality,
    source,
    edition,
    cell
from raw.interval
where status <> 'forecast'
qualify row_number() over (
    partition by region, indicator, definition, reference_year
    order by status not in ('final', 'revised'), quality = 'derived', edition desc, source
) = 1
