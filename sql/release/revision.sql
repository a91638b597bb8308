-- What one edition printed otherwise than the edition before it that printed the same figure, by the
-- same definition: a figure by another one is no revision (release.definition_change). Of each
-- edition the print that counts is taken (staging.print_in_edition). Prints that agree within the
-- rounding of both are no revision: half a unit of the last printed digit each
-- (raw.observation.half_unit).
-- May be empty, where no figure was printed twice.
-- Grain: one row per region, indicator, definition, reference_year and new edition.
-- vintage: the first vintage that had the new print's document as it is now
-- is_new: true where that is this vintage, and others came before it
-- region: ISO code of the region
-- indicator: what the figure is
-- definition: by which both count: own, or another one of raw.definition
-- reference_year: year the figure is about
-- old_source: who printed the earlier figure
-- old_edition: year it was printed
-- new_source: who printed the later figure
-- new_edition: year it was printed
-- old_status: final, revised or provisional
-- new_status: final, revised or provisional
-- old_value: earlier figure, in unit
-- new_value: later figure, in unit
-- unit: canonical unit
-- change_pct: change in per cent of the earlier figure; null where that is zero
with paired as (
    select
        region, indicator, definition, reference_year, source, edition, value, unit, half_unit,
        print_status,
        lag(source) over edition_before as old_source,
        lag(edition) over edition_before as old_edition,
        lag(print_status) over edition_before as old_status,
        lag(value) over edition_before as old_value,
        lag(half_unit) over edition_before as old_half_unit
    from staging.print_in_edition
    window edition_before as (
        partition by region, indicator, definition, reference_year order by edition
    )
),
appeared as (
    select document.source, document.edition, min(record.vintage) as vintage
    from raw.document as document
    join model.vintage_document as record
        on record.source = document.source
        and record.edition = document.edition
        and record.content_sha256 = document.content_sha256
    group by document.source, document.edition
),
recorded as (
    select min(vintage) as first_vintage, max(vintage) as last_vintage from model.vintage_document
)
select
    appeared.vintage,
    appeared.vintage = recorded.last_vintage
        and recorded.first_vintage < recorded.last_vintage as is_new,
    paired.region,
    paired.indicator,
    paired.definition,
    paired.reference_year,
    paired.old_source,
    paired.old_edition,
    paired.source as new_source,
    paired.edition as new_edition,
    paired.old_status,
    paired.print_status as new_status,
    paired.old_value,
    paired.value as new_value,
    paired.unit,
    100 * (paired.value - paired.old_value) / nullif(abs(paired.old_value), 0) as change_pct
from paired
join appeared on appeared.source = paired.source and appeared.edition = paired.edition
cross join recorded
where
    paired.old_value is not null
    -- a hair more than the two halves, for the rounding of the division
    and abs(paired.value - paired.old_value)
    > (paired.half_unit + paired.old_half_unit) * (1 + 1e-9)
