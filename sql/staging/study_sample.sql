-- The samples that figures are chosen for: those that the studies name, and two kinds that none
-- names and none is fitted on. First, for each study that has a model and a sample of the latest
-- prints, one for each year from the first edition to the last: what that sample would have held,
-- had nothing been printed after that year. Second, where a new document prints figures of a sample
-- otherwise than before: the sample without any new document; with those figures of this one alone
-- that had been printed before (revised); and with all of its figures (all).
-- Grain: one row per study, region and sample.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample; known_by_2018; latest before; latest with all of s/2024
-- sample_order: place of the sample in the study, from 1; null where no study names it
-- first_year: first reference year
-- last_year: last reference year
-- choose: first_printed, latest, as_of or source
-- source: the one source, where choose is source
-- as_of_edition: latest edition seen, where choose is as_of
-- statuses: of the figures it takes, the surest first: final, revised, provisional
-- known_by: the year after which nothing is seen; null where all documents are, or two states of them
-- base_sample: the named sample that sees fewer documents here; else null
-- added_source: source of the one new document it sees; null where it sees none, or all
-- added_edition: edition of that document
-- added_prints: which of its figures the sample sees: revised or all
with fitted as (
    select
        sample.study,
        sample.region,
        sample.first_year,
        sample.last_year,
        arg_min(sample.statuses, sample.sample_order) as statuses
    from study.sample as sample
    join study.variable as variable on variable.study = sample.study
    where sample.choose = 'latest' and variable.role = 'dependent'
    group by sample.study, sample.region, sample.first_year, sample.last_year
),
edition as (
    select cast(unnest(generate_series(min(edition), max(edition))) as integer) as edition
    from raw.document
),
input as (
    select study, indicator from study.role_indicator
    union all
    select study, indicator from study.formula_input
),
revised as (
    select distinct
        sample.study, sample.region, sample.sample, sample.first_year, sample.last_year,
        sample.choose, sample.source, sample.as_of_edition, sample.statuses,
        document.source as added_source, document.edition as added_edition,
        added.added_prints
    from study.sample as sample
    join input on input.study = sample.study
    join staging.revising_document as document
        on document.region = sample.region and document.indicator = input.indicator
    cross join (values ('revised'), ('all')) as added (added_prints)
)
select
    study,
    region,
    sample,
    sample_order,
    first_year,
    last_year,
    choose,
    source,
    as_of_edition,
    statuses,
    cast(null as integer) as known_by,
    cast(null as varchar) as base_sample,
    cast(null as varchar) as added_source,
    cast(null as integer) as added_edition,
    cast(null as varchar) as added_prints
from study.sample
union all
select
    fitted.study,
    fitted.region,
    'known_by_' || edition.edition as sample,
    null as sample_order,
    fitted.first_year,
    fitted.last_year,
    'as_of' as choose,
    null as source,
    edition.edition as as_of_edition,
    fitted.statuses,
    edition.edition as known_by,
    null as base_sample,
    null as added_source,
    null as added_edition,
    null as added_prints
from fitted
join edition on edition.edition > fitted.first_year
union all
select distinct
    study,
    region,
    sample || ' before' as sample,
    null as sample_order,
    first_year,
    last_year,
    choose,
    source,
    as_of_edition,
    statuses,
    null as known_by,
    sample as base_sample,
    null as added_source,
    null as added_edition,
    null as added_prints
from revised
union all
select
    study,
    region,
    sample || ' with ' || added_prints || ' of ' || added_source || '/' || added_edition as sample,
    null as sample_order,
    first_year,
    last_year,
    choose,
    source,
    as_of_edition,
    statuses,
    null as known_by,
    sample as base_sample,
    added_source,
    added_edition,
    added_prints
from revised
