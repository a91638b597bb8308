-- Every print of a figure with its place in the two orders of precedence among the prints of the
-- same region, indicator, definition and year. This is the one place where the precedence is stated.
-- No forecast, estimate or lower bound comes before anything else that was printed. Then, for the
-- first print: the earlier edition, the earlier day of publication, published before derived, the
-- standing of the source (official, ministry, relayed, secondary) and the name of the source. For
-- the latest print: final and revised before provisional, published before derived, the later edition, the standing, the later day of
-- publication, and the name of the source. Whoever sees only some of the prints (up to an edition,
-- of one source, without recovered ones) takes the lowest place among those.
-- Grain: one row per region, source, edition, indicator, definition and reference_year.
-- region: ISO code of the region
-- source: who printed the figure
-- edition: year it was printed
-- indicator: what the figure is
-- definition: own, or the other definition of the indicator that it counts by
-- reference_year: year the figure is about
-- value: value in the canonical unit of the indicator
-- unit: canonical unit
-- quality: published, derived or recovered
-- print_status: final, revised, provisional, estimated or forecast
-- is_estimate: true for a forecast or an estimate, by its status or its source's standing
-- first_printed_order: 1 for the first print
-- latest_order: 1 for the latest print
with print as (
    select
        observation.region,
        observation.source,
        observation.edition,
        observation.indicator,
        observation.definition,
        observation.reference_year,
        observation.value,
        observation.unit,
        observation.quality,
        observation.status as print_status,
        document.published_on,
        document.standing in ('forecast', 'estimate')
            or observation.status in ('forecast', 'estimated') as is_estimate,
        observation.status = 'provisional' as is_provisional,
        observation.quality = 'derived' as is_derived,
        case document.standing
            when 'official' then 1
            when 'ministry' then 2
            when 'relayed' then 3
            when 'secondary' then 4
            when 'estimate' then 5
            else 6
        end as standing_rank
    from raw.observation as observation
    join raw.document as document
        on document.source = observation.source and document.edition = observation.edition
)
select
    region,
    source,
    edition,
    indicator,
    definition,
    reference_year,
    value,
    unit,
    quality,
    print_status,
    is_estimate,
    row_number() over (
        partition by region, indicator, definition, reference_year
        order by
            is_estimate, edition, published_on nulls last, is_derived, standing_rank, source
    ) as first_printed_order,
    row_number() over (
        partition by region, indicator, definition, reference_year
        order by
            is_estimate, is_provisional, is_derived, edition desc, standing_rank,
            published_on desc nulls last, source
    ) as latest_order
from print
