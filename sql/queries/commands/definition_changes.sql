-- Figures that a later edition prints by another definition alone: no revisions.
-- Grain: one row per region, indicator, pair of definitions and of editions.
-- $region: only this one; null for all; years: how many reference years.
select
    region,
    indicator,
    old_definition || ', ' || old_source || ' ' || old_edition as old_print,
    new_definition || ', ' || new_source || ' ' || new_edition as new_print,
    count(*) as years,
    min(reference_year) as first_year,
    max(reference_year) as last_year
from release.definition_change
where region = coalesce($region, region)
group by
    region, indicator, old_definition, new_definition, old_source, old_edition, new_source,
    new_edition
order by region, indicator, first_year, old_print, new_print
