-- Whether a document in `landing/` is refused. A refused one leaves its old figures.
-- Check on: raw.observation
-- Grain: one row per refused document, with the file, the cell and what to do.
-- Severity: error
-- Message: {rows} {document|documents} refused; their old figures stand.
-- Told by: the alert on the document, and the end of a refresh.
select source, edition, message
from raw.quarantine
where source not in ('towns', 'replications') -- which have checks of their own
order by all
