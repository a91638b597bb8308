-- Documents that two vintages do not have in common, or not with the same content.
-- Grain: one row per source and edition.
-- $old, $new: the vintages; change: new, re-issued (document or card) or gone.
with old as (
    select source, edition, content_sha256 from model.vintage_document where vintage = $old
),
new as (
    select source, edition, content_sha256 from model.vintage_document where vintage = $new
)
select
    case
        when old.content_sha256 is null then 'new'
        when new.content_sha256 is null then 'gone'
        else 're-issued'
    end as change,
    source,
    edition
from old
full join new using (source, edition)
where old.content_sha256 is distinct from new.content_sha256
order by change, source, edition
