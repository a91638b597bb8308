-- Coefficients that differ between two vintages, the largest move first.
-- Grain: one row per study, region, sample, estimator and term.
-- $old, $new: the vintages; old_coefficient, new_coefficient: range shares of the dependent per
-- range of the regressor; moved: the difference over the old standard error; null where there is
-- none.
with old as (
    select study, region, sample, estimator, term, term_order, coefficient, std_error
    from model.coefficient
    where vintage = $old
),
new as (
    select study, region, sample, estimator, term, term_order, coefficient
    from model.coefficient
    where vintage = $new
)
select
    study,
    region,
    sample,
    estimator,
    term,
    old.coefficient as old_coefficient,
    new.coefficient as new_coefficient,
    old.std_error as old_std_error,
    (new.coefficient - old.coefficient) / nullif(old.std_error, 0) as moved
from old
full join new using (study, region, sample, estimator, term)
where old.coefficient is distinct from new.coefficient
order by
    abs(moved) desc nulls first, study, region, sample, estimator,
    coalesce(new.term_order, old.term_order)
