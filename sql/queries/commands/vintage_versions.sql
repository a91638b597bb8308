-- What a vintage was computed with.
-- Grain: one row per vintage.
-- $vintage.
select
    code_version,
    library_versions as versions,
    definition_fingerprint
from model.vintage
where vintage = $vintage
