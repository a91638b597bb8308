-- Documents that the vintage published before did not have, with what they print otherwise than a
-- document that it had.
-- May be empty, where no document is new or none prints a known figure otherwise.
-- Grain: one row per source, edition, region and indicator.
-- source: who printed the document
-- edition: year it was printed
-- region: ISO code of the region
-- indicator: what is printed otherwise, for at least one year
select distinct
    new.source,
    new.edition,
    new.region,
    new.indicator
from raw.observation as new
left join model.document_before as had
    on had.source = new.source and had.edition = new.edition
join raw.observation as known
    on known.region = new.region
    and known.indicator = new.indicator
    and known.definition = new.definition
    and known.reference_year = new.reference_year
    and known.value <> new.value
join model.document_before as before
    on before.source = known.source and before.edition = known.edition
where had.source is null
