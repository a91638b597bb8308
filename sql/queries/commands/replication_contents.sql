-- Which published studies were taken in to be computed again, and what each said.
-- Grain: one row per study (`replications/<folder>`). No parameters.
select 'replications/' || replication as document, content_sha256
from raw.replication
order by document
