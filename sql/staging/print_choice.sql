-- Every print a sample may use, ranked within its definition: rank 1 is the figure the sample takes,
-- for levels by one definition alone.
-- Grain: one row per study, region, sample, source, edition, indicator, definition and
--     reference_year.
-- The order of precedence is that of staging.print_order: first_printed_order for a first_printed
-- sample, latest_order for every other. Recovered figures are taken only by a sample that names
-- their source, forecasts only by a sample that names that status. In a sample of what was known by an edition, a figure of an earlier year that no
-- document at hand had printed by then comes from its first later print, and is marked. A sample
-- that stands for a named one before a revision sees the documents published before, and of at most
-- one new document all figures, or those printed before.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample
-- source: who printed the figure
-- edition: year it was printed
-- indicator: what the figure is
-- definition: own, or the other definition of the indicator that it counts by
-- is_taken_definition: true for the one the study names for the indicator; own where it names none
-- reference_year: year the figure is about
-- value: value in the canonical unit of the indicator
-- unit: canonical unit
-- quality: published, derived or recovered
-- print_status: final, revised, provisional, estimated or forecast
-- is_later_print: true for a print after the edition by which the sample was known
-- choice_rank: 1 for the print that the sample takes
with printed as (
    select
        print.*,
        before.source is not null as is_before,
        bool_or(before.source is not null) over (
            partition by print.region, print.indicator, print.definition, print.reference_year
        ) as is_figure_before
    from staging.print_order as print
    left join model.document_before as before
        on before.source = print.source and before.edition = print.edition
),
eligible as (
    select
        sample.study,
        sample.region,
        sample.sample,
        print.source,
        print.edition,
        print.indicator,
        print.definition,
        print.definition = coalesce(taken.definition, 'own') as is_taken_definition,
        print.reference_year,
        print.value,
        print.unit,
        print.quality,
        print.print_status,
        print.edition > coalesce(sample.known_by, 9999) as is_later_print,
        case
            when sample.choose = 'first_printed' or print.edition > sample.known_by
                then print.first_printed_order
            else print.latest_order
        end as print_order
    from staging.study_sample as sample
    join printed as print on print.region = sample.region
    left join study.definition_taken as taken
        on taken.study = sample.study and taken.indicator = print.indicator
    where
        case
            when sample.choose = 'source' then print.source = sample.source
            else print.quality <> 'recovered'
        end
        and list_contains(string_split(sample.statuses, ', '), print.print_status)
        and (
            print.edition <= coalesce(sample.as_of_edition, 9999)
            or print.reference_year < sample.known_by
        )
        and (
            sample.base_sample is null
            or print.is_before
            or (
                print.source = sample.added_source
                and print.edition = sample.added_edition
                and (sample.added_prints = 'all' or print.is_figure_before)
            )
        )
)
select
    study,
    region,
    sample,
    source,
    edition,
    indicator,
    definition,
    is_taken_definition,
    reference_year,
    value,
    unit,
    quality,
    print_status,
    is_later_print,
    row_number() over (
        partition by study, region, sample, indicator, definition, reference_year
        order by is_later_print, print_order
    ) as choice_rank
from eligible
