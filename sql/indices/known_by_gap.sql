-- What was not known by each edition, of what a study's model needs for the years before it.
-- May be empty, where no study has a model and a sample of the latest prints.
-- Grain: one row per study, region, known_by, variable, reference_year, indicator and input_year.
-- study: name of the study
-- region: ISO code of the region
-- known_by: the edition after which nothing was seen
-- variable: PI, AIG, IM, CEI, aEDI or EG
-- variable_order: 0 for the dependent variable, then the regressors
-- reference_year: year of the variable
-- indicator: the figure not printed by then; null where no document at hand ever gives the variable
-- input_year: year the figure is about; null where there is none
-- printed_in: the edition whose print stands in; null where there is none
-- reason: why the variable is missing for ever; null where a later print stands in
select
    sample.study,
    sample.region,
    sample.known_by,
    input.index_id as variable,
    variable.variable_order,
    input.reference_year,
    input.indicator,
    input.input_year,
    input.edition as printed_in,
    cast(null as varchar) as reason
from indices.index_input as input
join staging.study_sample as sample
    on sample.study = input.study
    and sample.region = input.region
    and sample.sample = input.sample
join study.variable as variable
    on variable.study = input.study and variable.index_id = input.index_id
where
    input.reference_year < sample.known_by
    and input.edition > sample.known_by
    and variable.role <> 'index'
union all
select
    sample.study,
    sample.region,
    sample.known_by,
    derivation.index_id as variable,
    variable.variable_order,
    derivation.reference_year,
    cast(null as varchar) as indicator,
    cast(null as integer) as input_year,
    cast(null as integer) as printed_in,
    derivation.reason
from indices.index_derivation as derivation
join staging.study_sample as sample
    on sample.study = derivation.study
    and sample.region = derivation.region
    and sample.sample = derivation.sample
join study.variable as variable
    on variable.study = derivation.study and variable.index_id = derivation.index_id
where
    derivation.reference_year < sample.known_by
    and derivation.value is null
    and variable.role <> 'index'
