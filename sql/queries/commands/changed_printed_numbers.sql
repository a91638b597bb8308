-- Printed numbers of published studies of which two vintages do not say the same: as printed, as
-- computed (beyond a relative 1e-9) or in the verdict.
-- Grain: one row per study, table_number, cell, step, term, other_term and statistic.
-- $old, $new: the vintages; null where a vintage has no such number.
with old as (
    select * from model.printed_comparison where vintage = $old
),
new as (
    select * from model.printed_comparison where vintage = $new
)
select
    study,
    table_number,
    cell,
    trim(concat_ws(' ', statistic, term, other_term)) as what,
    old.printed_value as old_printed,
    new.printed_value as new_printed,
    old.computed as old_computed,
    new.computed as new_computed,
    old.verdict as old_verdict,
    new.verdict as new_verdict
from old
full join new using (study, table_number, cell, step, term, other_term, statistic)
where
    old.printed_value is distinct from new.printed_value
    or old.verdict is distinct from new.verdict
    or (old.computed is null) <> (new.computed is null)
    or abs(new.computed - old.computed) > 1e-9 * abs(old.computed)
order by study, table_number, cell, what
