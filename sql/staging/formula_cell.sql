-- The print that a sample takes for each indicator in the formulas of a study's own indices.
-- May be empty, where no study has an index of its own.
-- Grain: one row per study, region, sample, index_id, indicator and reference_year.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample
-- index_id: index that the study defines by a formula
-- indicator: indicator in the formula
-- definition: of the indicator, the one that the study takes
-- reference_year: year the figure is about
-- value: value in the canonical unit of the indicator
-- unit: canonical unit
-- source: who printed the figure
-- edition: year it was printed
-- quality: published, derived or recovered
-- print_status: final, revised, provisional, estimated or forecast
select
    choice.study,
    choice.region,
    choice.sample,
    input.index_id,
    choice.indicator,
    choice.definition,
    choice.reference_year,
    choice.value,
    choice.unit,
    choice.source,
    choice.edition,
    choice.quality,
    choice.print_status
from staging.print_choice as choice
join study.formula_input as input
    on input.study = choice.study and input.indicator = choice.indicator
where choice.choice_rank = 1 and choice.is_taken_definition
