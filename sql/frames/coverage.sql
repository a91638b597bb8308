-- Every figure that is due, or printed as a mark or blank, or declared missing, and what became of
-- it. Due is what the edition's card declares (covers); of an edition whose card declares nothing
-- so, what the edition before of the same source printed, moved on by the years between the two.
-- A figure is there if it is printed by any definition of its indicator, also as a class.
-- Grain: one row per source, edition, region, indicator and reference_year.
-- status: printed, absent (due and not there), unavailable (a mark or blank stands there, and the
-- card gives no reason), explained (missing with a reason), contradicted (declared missing, yet
-- printed); due: declared, edition before, or empty; printed_value: what stands there, if anything;
-- reason: as the card gives it.
with document as (
    select
        source,
        edition,
        lag(edition) over (partition by source order by edition) as edition_before
    from raw.document
    where withdrawn is null
),
declaring as (
    select distinct source, edition from raw.coverage where missing_reason is null
),
due as (
    select source, edition, region, indicator, reference_year, 'declared' as due
    from raw.coverage
    where missing_reason is null
    union all
    select distinct
        document.source,
        document.edition,
        observation.region,
        observation.indicator,
        observation.reference_year + document.edition - document.edition_before,
        'edition before'
    from document
    join raw.observation as observation
        on observation.source = document.source
        and observation.edition = document.edition_before
    anti join declaring
        on declaring.source = document.source and declaring.edition = document.edition
),
missing as (
    select source, edition, region, indicator, reference_year, missing_reason as reason
    from raw.coverage
    where missing_reason is not null
),
blank as (
    select source, edition, region, indicator, reference_year, min(printed_value) as printed_value
    from raw.unavailable
    group by source, edition, region, indicator, reference_year
),
printed as (
    select
        source, edition, region, indicator, reference_year,
        string_agg(printed_value, '; ' order by definition) as printed_value
    from (
        select source, edition, region, indicator, reference_year, definition, printed_value
        from raw.observation
        union all
        select source, edition, region, indicator, reference_year, definition, printed_value
        from raw.interval
    )
    group by source, edition, region, indicator, reference_year
),
spoken_of as (
    select source, edition, region, indicator, reference_year from due
    union
    select source, edition, region, indicator, reference_year from missing
    union
    select source, edition, region, indicator, reference_year from blank
)
select
    spoken_of.source,
    spoken_of.edition,
    spoken_of.region,
    spoken_of.indicator,
    spoken_of.reference_year,
    case
        when printed.source is not null and missing.source is not null then 'contradicted'
        when printed.source is not null then 'printed'
        when missing.source is not null then 'explained'
        when blank.source is not null then 'unavailable'
        else 'absent'
    end as status,
    coalesce(due.due, '') as due,
    coalesce(printed.printed_value, blank.printed_value, '') as printed_value,
    coalesce(missing.reason, '') as reason
from spoken_of
left join due using (source, edition, region, indicator, reference_year)
left join missing using (source, edition, region, indicator, reference_year)
left join blank using (source, edition, region, indicator, reference_year)
left join printed using (source, edition, region, indicator, reference_year)
order by
    spoken_of.source, spoken_of.edition, spoken_of.region, spoken_of.indicator,
    spoken_of.reference_year
