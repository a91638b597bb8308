-- Figures that a later edition prints by another definition and not by the one of before: not revised,
-- but another series. Forecasts, estimates and recovered figures are left out.
-- May be empty, where none is.
-- Grain: one row per region, indicator, reference_year, old definition and new definition.
-- region: ISO code of the region
-- indicator: what the figure is
-- reference_year: year the figure is about
-- old_definition: by which it was printed before: own, or another one of raw.definition
-- new_definition: by which alone it is printed later
-- old_source: who printed it last by the old definition
-- old_edition: year of that print
-- new_source: who printed it first by the new definition alone
-- new_edition: year of that print
-- old_value: the figure by the old definition, in unit
-- new_value: the figure by the new definition, in unit
-- unit: canonical unit
with print as (
    select
        region, indicator, definition, reference_year, source, edition, value, unit, latest_order
    from staging.print_order
    where quality <> 'recovered' and not is_estimate
),
last_print as (
    select
        region,
        indicator,
        definition,
        reference_year,
        unit,
        arg_max(source, (edition, -latest_order)) as source,
        max(edition) as edition,
        arg_max(value, (edition, -latest_order)) as value
    from print
    group by region, indicator, definition, reference_year, unit
),
first_later as (
    select
        old.region,
        old.indicator,
        old.reference_year,
        old.definition as old_definition,
        new.definition as new_definition,
        old.unit,
        old.source as old_source,
        old.edition as old_edition,
        old.value as old_value,
        arg_min(new.source, (new.edition, new.latest_order)) as new_source,
        min(new.edition) as new_edition,
        arg_min(new.value, (new.edition, new.latest_order)) as new_value
    from last_print as old
    join print as new
        on new.region = old.region
        and new.indicator = old.indicator
        and new.reference_year = old.reference_year
        and new.definition <> old.definition
        and new.edition > old.edition
    group by
        old.region, old.indicator, old.reference_year, old.definition, new.definition, old.unit,
        old.source, old.edition, old.value
)
select
    region, indicator, reference_year, old_definition, new_definition, old_source, old_edition,
    new_source, new_edition, old_value, new_value, unit
from first_later
