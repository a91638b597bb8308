-- Index values that differ between two vintages, the largest change first; what appeared or
-- vanished comes before.
-- Grain: one row per study, region, sample, index_id and reference_year.
-- $old, $new: the vintages; old_value, new_value: ratio, EG in 10,000 yuan per person, null where
-- missing; change_pct: of the old value, null where there is none; fitted: in the input of the
-- model of either vintage.
with old as (
    select study, region, sample, index_id, reference_year, value
    from model.vintage_index_value
    where vintage = $old
),
new as (
    select study, region, sample, index_id, reference_year, value
    from model.vintage_index_value
    where vintage = $new
)
select
    study,
    region,
    sample,
    index_id,
    reference_year,
    old.value as old_value,
    new.value as new_value,
    100 * (new.value - old.value) / nullif(abs(old.value), 0) as change_pct,
    exists (
        from model.input as input
        where
            input.vintage in ($old, $new)
            and input.study = coalesce(old.study, new.study)
            and input.region = coalesce(old.region, new.region)
            and input.sample = coalesce(old.sample, new.sample)
            and input.variable = coalesce(old.index_id, new.index_id)
            and input.reference_year = coalesce(old.reference_year, new.reference_year)
    ) as fitted
from old
full join new using (study, region, sample, index_id, reference_year)
where old.value is distinct from new.value
order by abs(change_pct) desc nulls first, study, region, sample, index_id, reference_year
