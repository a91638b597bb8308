-- Pearson correlations of one study in one vintage.
-- Grain: one row per sample and pair of variables.
-- $study, $vintage; stars: of the two-sided test.
select
    sample,
    variable || '–' || other_variable as pair,
    stars,
    max(value) filter (where statistic = 'r') as r,
    max(value) filter (where statistic = 'p') as p
from model.diagnostic
join study.sample using (study, region, sample)
where study = $study and vintage = $vintage and kind = 'correlation'
group by sample, sample_order, variable, other_variable, stars
order by sample_order, variable, other_variable
