-- What of one study's results survives a change of its assumptions, in words.
-- Grain: one row per sample and term; one of the whole sample stands first.
-- $study, $vintage.
select
    sample,
    text
from model.robustness as robustness
join study.sample using (study, region, sample)
left join study.variable as declared
    on declared.study = robustness.study and declared.index_id = term
where robustness.study = $study and vintage = $vintage and method = 'sentence'
order by sample_order, variable_order nulls first
