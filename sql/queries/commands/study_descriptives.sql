-- The descriptive statistics of one study in one vintage, before normalisation.
-- Grain: one row per sample and variable.
-- $study, $vintage.
select
    sample,
    variable,
    max(value) filter (where statistic = 'min') as min,
    max(value) filter (where statistic = 'max') as max,
    max(value) filter (where statistic = 'mean') as mean,
    max(value) filter (where statistic = 'sd') as sd
from model.diagnostic as diagnostic
join study.sample using (study, region, sample)
join study.variable as declared
    on declared.study = diagnostic.study and declared.index_id = diagnostic.variable
where diagnostic.study = $study and vintage = $vintage and kind = 'descriptive'
group by sample, sample_order, variable, variable_order
order by sample_order, variable_order
