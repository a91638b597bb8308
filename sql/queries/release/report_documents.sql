-- Each document in force as it was read, for the pictures of its cells.
-- Grain: one row per document.
select source, edition, file, document_sha256, bytes, card
from raw.document
where withdrawn is null
order by source, edition
