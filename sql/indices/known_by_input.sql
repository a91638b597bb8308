-- What the models of the studies would have been fitted on with the figures known by each edition:
-- the same formulas on the latest prints up to it, in the years before it that have every variable.
-- Where no document at hand had printed a figure by then, its first later print stands in.
-- May be empty, where no study has a model and a sample of the latest prints.
-- Grain: one row per study, region, known_by, variable and reference_year.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample: known_by_2018
-- known_by: the edition after which nothing was seen
-- reference_year: year
-- variable: PI, AIG, IM, CEI, aEDI or EG
-- role: dependent or regressor
-- variable_order: 0 for the dependent variable, then the regressors
-- value: ratio; EG in 10,000 yuan per person
-- is_later_print: true where a print after the edition stands in for one that is not at hand
-- normalised: min-max normalised over these years, 0 to 1; null where the variable does not vary
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
        derivation.reference_year,
        derivation.index_id as variable,
        variable.role,
        variable.variable_order,
        derivation.value,
        newest_print.edition > sample.known_by as is_later_print,
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
    where derivation.reference_year < sample.known_by and variable.role <> 'index'
    window of_year as (
        partition by
            derivation.study, derivation.region, derivation.sample, derivation.reference_year
    )
)
select
    study,
    region,
    sample,
    known_by,
    reference_year,
    variable,
    role,
    variable_order,
    value,
    is_later_print,
    (value - min(value) over over_years)
        / nullif(max(value) over over_years - min(value) over over_years, 0) as normalised
from of_model
where is_complete
window over_years as (partition by study, region, sample, variable)
