-- The documents of the vintage that was published last before `vintage`. Where that one is published
-- itself, the one before it counts, so that a rerun gives the same rows.
-- Grain: one row per document. Parameters: vintage; published, the names of all published vintages.
select vintage, source, edition
from model.vintage_document
where vintage = (
    select max(vintage) from model.vintage
    where vintage < $vintage and list_contains($published, vintage)
)
