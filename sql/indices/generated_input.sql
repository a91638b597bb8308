-- What the models of the studies would be fitted on in the samples that no study names: what was
-- known by an edition, in the years before it, and what was known without new documents, or with
-- one of them. The same formulas, in the years that have every variable.
-- May be empty, where no study has a model and a sample of the latest prints.
-- Grain: one row per study, region, sample, variable and reference_year.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample in staging.study_sample
-- known_by: the edition after which nothing was seen; else null
-- base_sample: the named sample that sees fewer documents here; else null
-- added_source: source of the one new document it sees; null where it sees none, or all
-- added_edition: edition of that document
-- added_prints: which of its figures the sample sees: revised or all
-- reference_year: year
-- variable: PI, AIG, IM, CEI, aEDI or EG
-- role: dependent or regressor
-- variable_order: 0 for the dependent variable, then the regressors
-- value: ratio; EG in 10,000 yuan per person
-- is_later_print: true where a print after the edition stands in for one that is not at hand
-- normalised: min-max normalised over these years, 0 to 1; null where the variable does not vary
-- strictly_normalised: the same over the years without any later print; null in the others
with newest_print as (
    select study, region, sample, index_id, reference_year, max(edition) as edition
    from indices.index_input
    group by study, region, sample, index_id, reference_year
),
of_model as (
    select
        derivation.study,
        derivation.region,
        derivation.sample,
        sample.known_by,
        sample.base_sample,
        sample.added_source,
        sample.added_edition,
        sample.added_prints,
        derivation.reference_year,
        derivation.index_id as variable,
        variable.role,
        variable.variable_order,
        derivation.value,
        coalesce(newest_print.edition > sample.known_by, false) as is_later_print,
        count(derivation.value) over of_year = count(*) over of_year as is_complete
    from indices.index_derivation as derivation
    join staging.study_sample as sample
        on sample.study = derivation.study
        and sample.region = derivation.region
        and sample.sample = derivation.sample
    join study.variable as variable
        on variable.study = derivation.study and variable.index_id = derivation.index_id
    left join newest_print
        on newest_print.study = derivation.study
        and newest_print.region = derivation.region
        and newest_print.sample = derivation.sample
        and newest_print.index_id = derivation.index_id
        and newest_print.reference_year = derivation.reference_year
    where
        sample.sample_order is null
        and derivation.reference_year < coalesce(sample.known_by, 9999)
        and variable.role <> 'index'
    window of_year as (
        partition by
            derivation.study, derivation.region, derivation.sample, derivation.reference_year
    )
),
complete as (
    select
        study, region, sample, known_by, base_sample, added_source, added_edition,
        added_prints, reference_year, variable, role, variable_order, value, is_later_print,
        bool_or(is_later_print) over (partition by study, region, sample, reference_year)
            as is_late_year
    from of_model
    where is_complete
)
select
    study,
    region,
    sample,
    known_by,
    base_sample,
    added_source,
    added_edition,
    added_prints,
    reference_year,
    variable,
    role,
    variable_order,
    value,
    is_later_print,
    (value - min(value) over over_years)
        / nullif(max(value) over over_years - min(value) over over_years, 0) as normalised,
    case
        when not is_late_year
            then (value - min(value) over over_strict_years)
                / nullif(max(value) over over_strict_years - min(value) over over_strict_years, 0)
    end as strictly_normalised
from complete
window
    over_years as (partition by study, region, sample, variable),
    over_strict_years as (partition by study, region, sample, variable, is_late_year)
