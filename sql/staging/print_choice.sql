-- Every print a sample may use, ranked: rank 1 is the figure the sample takes.
-- Grain: one row per study, sample, source, edition, indicator and reference_year.
-- Order of precedence. No forecast, estimate or lower bound is taken where anything else was
-- printed. Then a first_printed sample takes the earlier edition, the earlier day of publication,
-- published before derived, the standing of the source (official, ministry, relayed, secondary)
-- and the name of the source. Every other sample takes the latest print: published before derived,
-- the later edition, the standing, the later day of publication, and the name of the source.
-- Recovered figures are taken only by a sample that names their source.
-- study: name of the study
-- sample: name of the sample
-- source: who printed the figure
-- edition: year it was printed
-- indicator: what the figure is
-- reference_year: year the figure is about
-- value: value in the canonical unit of the indicator
-- unit: canonical unit
-- quality: published, derived or recovered
-- choice_rank: 1 for the print that the sample takes
with eligible as (
    select
        sample.study,
        sample.sample,
        sample.choose,
        observation.source,
        observation.edition,
        observation.indicator,
        observation.reference_year,
        observation.value,
        observation.unit,
        observation.quality,
        document.published_on,
        document.standing in ('forecast', 'estimate') as is_provisional,
        observation.quality = 'derived' as is_derived,
        case document.standing
            when 'official' then 1
            when 'ministry' then 2
            when 'relayed' then 3
            when 'secondary' then 4
            when 'estimate' then 5
            else 6
        end as standing_rank
    from study.sample as sample
    join raw.observation as observation on observation.region = sample.region
    join raw.document as document
        on document.source = observation.source and document.edition = observation.edition
    where
        case
            when sample.choose = 'source' then observation.source = sample.source
            else observation.quality <> 'recovered'
        end
        and observation.edition <= coalesce(sample.as_of_edition, 9999)
),
ranked as (
    select
        *,
        row_number() over (
            partition by study, sample, indicator, reference_year
            order by
                is_provisional, edition, published_on nulls last, is_derived, standing_rank, source
        ) as first_printed_rank,
        row_number() over (
            partition by study, sample, indicator, reference_year
            order by
                is_provisional, is_derived, edition desc, standing_rank,
                published_on desc nulls last, source
        ) as latest_rank
    from eligible
)
select
    study,
    sample,
    source,
    edition,
    indicator,
    reference_year,
    value,
    unit,
    quality,
    case when choose = 'first_printed' then first_printed_rank else latest_rank end as choice_rank
from ranked
