-- Claims about certified towns of which two vintages do not say the same.
-- Grain: one row per dataset, claim and part.
-- $old, $new: the vintages; old_verdict, new_verdict: agrees, disagrees or cannot say, null where
-- the claim was not looked at.
with old as (
    select dataset, claim, part, simulated, verdict
    from model.town_finding
    where vintage = $old
),
new as (
    select dataset, claim, part, simulated, verdict
    from model.town_finding
    where vintage = $new
)
select
    dataset,
    coalesce(new.simulated, old.simulated) as simulated,
    claim,
    part,
    old.verdict as old_verdict,
    new.verdict as new_verdict
from old
full join new using (dataset, claim, part)
where old.verdict is distinct from new.verdict
order by dataset, claim, part
