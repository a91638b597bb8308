-- The documents, without the text of their cards.
-- Grain: one row per source and edition.
select * exclude (card)
from raw.document
order by source, edition
