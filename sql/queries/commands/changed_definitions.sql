-- Studies that two vintages do not define alike.
-- Grain: one row per study.
-- $old, $new: the vintages; change: new, changed or gone.
with old as (
    select study, definition from model.study_definition where vintage = $old
),
new as (
    select study, definition from model.study_definition where vintage = $new
)
select
    case
        when old.definition is null then 'new'
        when new.definition is null then 'gone'
        else 'changed'
    end as change,
    study,
    old.definition as old_definition,
    new.definition as new_definition
from old
full join new using (study)
where old.definition is distinct from new.definition
order by study
