-- Index values that moved from one vintage to the next and take a print that is a revision new in
-- the latter, the largest move first.
-- Grain: one row per study, region, sample, index_id and reference_year.
-- $old, $new: the vintages; because: the revised figures, with their year, that the value takes.
with taken as (
    select
        input.study,
        input.region,
        input.sample,
        input.index_id,
        input.reference_year,
        string_agg(
            input.indicator || ' ' || input.input_year,
            ', ' order by input.input_year desc, input.indicator
        ) as because
    from indices.index_input as input
    join release.revision as revision
        on revision.region = input.region
        and revision.indicator = input.indicator
        and revision.reference_year = input.input_year
        and revision.new_source = input.source
        and revision.new_edition = input.edition
    where revision.is_new
    group by input.study, input.region, input.sample, input.index_id, input.reference_year
),
old as (
    select study, region, sample, index_id, reference_year, value
    from model.index_value
    where vintage = $old
),
new as (
    select study, region, sample, index_id, reference_year, value
    from model.index_value
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
    taken.because
from taken
join old using (study, region, sample, index_id, reference_year)
join new using (study, region, sample, index_id, reference_year)
where old.value is distinct from new.value
order by abs(change_pct) desc nulls first, study, region, sample, index_id, reference_year
