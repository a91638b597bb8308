-- What is known of every document from before: what was read of it, and what was refused.
-- Grain: one row per document, `source/edition`. No parameters.
select
    coalesce(accepted.source, refused.source) || '/'
    || coalesce(cast(accepted.edition as varchar), refused.edition) as document,
    accepted.content_sha256 as accepted_sha256,
    refused.content_sha256 as refused_sha256
from raw.document as accepted
full join raw.quarantine as refused
    on refused.source = accepted.source
    and refused.edition = cast(accepted.edition as varchar)
