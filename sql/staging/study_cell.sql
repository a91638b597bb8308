-- The print that a sample takes for each role in the index formulas.
-- Grain: one row per study, region, sample, role and reference_year.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample
-- role: role in an index formula
-- reference_year: year the figure is about
-- indicator: indicator that plays the role
-- definition: of the indicator, the one that the study takes
-- source: who printed the figure
-- edition: year it was printed
-- value: value in the canonical unit of the indicator
-- unit: canonical unit
-- quality: published, derived or recovered
-- print_status: final, revised, provisional, estimated or forecast
select
    choice.study,
    choice.region,
    choice.sample,
    input.role,
    choice.reference_year,
    choice.indicator,
    choice.definition,
    choice.source,
    choice.edition,
    choice.value,
    choice.unit,
    choice.quality,
    choice.print_status
from staging.print_choice as choice
join study.role_indicator as input
    on input.study = choice.study and input.indicator = choice.indicator
where choice.choice_rank = 1 and choice.is_taken_definition
