-- What the regressions are fitted on: the model's variables in the years that have them all.
-- May be empty, where no study has a year with all its variables.
-- Grain: one row per study, region, sample, variable and reference_year.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample
-- sample_order: place of the sample in the study, from 1
-- reference_year: year
-- variable: PI, AIG, IM, CEI, aEDI, EG or an index of the study's own
-- role: dependent or regressor
-- variable_order: 0 for the dependent variable, then the regressors
-- value: in the index's own unit
-- normalised: min-max normalised over these years, 0 to 1; null where the variable does not vary
-- quality: worst quality of its inputs: published, derived or recovered
select
    value.study,
    value.region,
    value.sample,
    value.sample_order,
    value.reference_year,
    value.index_id as variable,
    variable.role,
    variable.variable_order,
    value.value,
    normalised.normalised,
    value.quality
from indices.index_value as value
join indices.index_normalised as normalised
    on normalised.study = value.study
    and normalised.region = value.region
    and normalised.sample = value.sample
    and normalised.index_id = value.index_id
    and normalised.reference_year = value.reference_year
join study.variable as variable
    on variable.study = value.study and variable.index_id = value.index_id
where variable.role <> 'index'
