-- Why editions revised indicators, where their cards say so.
-- Grain: one row per source, edition and indicator.
-- cause: benchmark, definition, correction, provisional or deleted.
select
    document.source,
    document.edition,
    said.key as indicator,
    said.value ->> '$' as cause
from raw.document as document, json_each(document.card, '$.revisions') as said
order by all
