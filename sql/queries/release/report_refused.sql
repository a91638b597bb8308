-- Documents that were refused, with the message.
-- Grain: one row per source and edition.
select source, edition, file, message
from raw.quarantine
order by source, edition, file
