-- Fits whose status, sample size or verdict differs between two vintages.
-- Grain: one row per study, region, sample and estimator.
-- $old, $new: the vintages; old_text, new_text: the verdict, or why it was refused.
with old as (
    select study, region, sample, estimator, status, n, r2, coalesce(reason, verdict) as text
    from model.fit
    where vintage = $old
),
new as (
    select study, region, sample, estimator, status, n, r2, coalesce(reason, verdict) as text
    from model.fit
    where vintage = $new
)
select
    study,
    region,
    sample,
    estimator,
    coalesce(old.status, 'none') as old_status,
    coalesce(new.status, 'none') as new_status,
    old.n as old_n,
    new.n as new_n,
    old.r2 as old_r2,
    new.r2 as new_r2,
    coalesce(old.text, '') as old_text,
    coalesce(new.text, '') as new_text
from old
full join new using (study, region, sample, estimator)
where
    (old.status, old.n, old.text) is distinct from (new.status, new.n, new.text)
order by old_status = new_status, study, region, sample, estimator
