-- Figures that one edition printed otherwise than the edition before, the largest change first.
-- A print says its status where that is not final.
-- Grain: one row per region, indicator, reference_year and new edition.
-- $region: only this one; null for all; $only_new: those that came in with the latest vintage;
-- $by_indicator: the indicator with the largest change first, with all of its revisions.
select
    region,
    indicator,
    reference_year,
    old_source || ' ' || old_edition
        || case when old_status = 'final' then '' else ' (' || old_status || ')' end as old_print,
    new_source || ' ' || new_edition
        || case when new_status = 'final' then '' else ' (' || new_status || ')' end as new_print,
    old_value,
    new_value,
    unit,
    change_pct
from release.revision
where
    (is_new or not $only_new)
    and region = coalesce($region, region)
order by
    case when $by_indicator then max(abs(change_pct)) over (partition by indicator) end
        desc nulls first,
    case when $by_indicator then indicator end,
    abs(change_pct) desc nulls first,
    region, indicator, reference_year, new_edition
