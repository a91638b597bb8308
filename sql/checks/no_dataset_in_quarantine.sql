-- Whether a data set in `landing/towns/` is refused. A refused one leaves its old records.
-- Check on: raw.town_dataset
-- Grain: one row per refused data set, with the file, the row and what to do.
-- Severity: error
-- Message: {rows} {data set|data sets} refused; their old records stand.
-- Told by: the alert on the data set, and the end of a refresh.
select edition as dataset, message
from raw.quarantine
where source = 'towns'
order by all
