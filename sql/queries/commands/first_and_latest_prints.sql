-- Revised figures as first printed and as printed last, those of the most revised indicator first.
-- Rounding apart: the first print is the one before the first revision (release.revision).
-- Grain: one row per region, indicator, definition and reference_year.
-- $region, $indicator, $definition, $reference_year: only this one; null for all; change_pct: of
-- the first print.
with figure as (
    select
        region,
        indicator,
        definition,
        reference_year,
        min(old_edition) as first_edition,
        arg_min(old_value, new_edition) as first_value,
        max(new_edition) as latest_edition,
        arg_max(new_value, new_edition) as latest_value,
        any_value(unit) as unit
    from release.revision
    where
        region = coalesce($region, region)
        and indicator = coalesce($indicator, indicator)
        and definition = coalesce($definition, definition)
        and reference_year = coalesce($reference_year, reference_year)
    group by region, indicator, definition, reference_year
)
select *, 100 * (latest_value - first_value) / nullif(abs(first_value), 0) as change_pct
from figure
order by
    max(abs(change_pct)) over (partition by region, indicator, definition) desc nulls last,
    region, indicator, definition, reference_year
