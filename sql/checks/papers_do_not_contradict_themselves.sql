-- Whether a printed number of a paper contradicts the other printed numbers.
-- Check on: model.audit_finding
-- Grain: one row per contradiction, with what follows from it.
-- Severity: warning
-- Message: {rows} {contradiction|contradictions} in printed tables; see `yearbook audit`.
-- Told by: `yearbook audit`, which prints each of them.
select
    source,
    table_number as "table",
    cell,
    rule,
    printed_value as printed,
    expected,
    consequence
from model.audit_finding
where verdict = 'inconsistent' and vintage = $vintage
order by all
