-- Whether an entry failed by a fault of the arithmetic or of the program; what the data refuse
-- is no fault.
-- Check on: model.failure
-- Grain: one row per entry that did.
-- Severity: warning
-- Message: {rows} {entry|entries} failed; the log has the tracebacks, and all else is published.
select gap_in, subject, entry, reason
from model.failure
where vintage = $vintage and status = 'failed'
order by all
