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
-- strictly_normalised: the same over the years without any later print; null in the others
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
    normalised,
    strictly_normalised
from indices.generated_input
where known_by is not null
