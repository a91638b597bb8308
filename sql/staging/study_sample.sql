-- The samples that figures are chosen for: those that the studies name, and, for each study that
-- has a model and a sample of the latest prints, one for each edition: what that sample would have
-- held, had nothing been printed after the edition. Studies are not fitted on these; the backtest
-- is.
-- Grain: one row per study, region and sample.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample; known_by_2018 for what was known by edition 2018
-- sample_order: place of the sample in the study, from 1; null for what was known by an edition
-- first_year: first reference year
-- last_year: last reference year
-- choose: first_printed, latest, as_of or source
-- source: the one source, where choose is source
-- as_of_edition: latest edition seen, where choose is as_of
-- known_by: the edition of a sample that no study names; null for the samples of the studies
with fitted as (
    select distinct sample.study, sample.region, sample.first_year, sample.last_year
    from study.sample as sample
    join study.variable as variable on variable.study = sample.study
    where sample.choose = 'latest' and variable.role = 'dependent'
),
edition as (
    select distinct edition from raw.document
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
    cast(null as integer) as known_by
from study.sample
union all
select
    fitted.study,
    fitted.region,
    'known_by_' || edition.edition as sample,
    cast(null as integer) as sample_order,
    fitted.first_year,
    fitted.last_year,
    'as_of' as choose,
    cast(null as varchar) as source,
    edition.edition as as_of_edition,
    edition.edition as known_by
from fitted
join edition on edition.edition > fitted.first_year
