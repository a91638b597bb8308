-- Whether a published study in `landing/replications/` is refused. A refused one leaves what it
-- said.
-- Check on: raw.replication
-- Grain: one row per refused study, with the file, the line and what to do.
-- Severity: error
-- Message: {rows} {published study|published studies} refused; what they said before stands.
-- Told by: the alert on the study, and the end of a refresh.
select edition as replication, message
from raw.quarantine
where source = 'replications'
order by all
