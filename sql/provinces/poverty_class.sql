-- Rural poverty incidence of provinces, as it is known: by a class (5 to 10 %, 10 % and more), or by
-- the number where one is printed. An open end is NULL; no class is turned into a point. Registered
-- poor (another count than the survey's) are not among them.
-- May be empty, where no document prints a class.
-- Grain: one row per region and reference_year that has a class.
-- region: ISO code of the province
-- reference_year: year
-- low_pct: incidence is this or more, per cent; NULL: open, and nothing is below zero
-- high_pct: incidence is this or less, per cent; NULL: open; equal to low_pct for a number
-- known_by: class, or point
-- log_incidence_low: natural logarithm of low_pct
-- log_incidence_high: of high_pct
-- log_im: natural logarithm of enterprises' e-commerce sales over gross product; NULL: not printed
-- log_gross_output: of gross output of agriculture, 100 million yuan
-- log_eg: of gross product over residents at the end of the year, 10,000 yuan each
-- log_rural_income: of rural disposable income per head, yuan
-- quality: published, or derived where a figure behind the row is
-- edition_low: earliest edition behind the row
-- edition_high: latest edition behind the row
with known as (
    select
        class.region,
        class.reference_year,
        coalesce(point.value, class.low) as low_pct,
        coalesce(point.value, class.high) as high_pct,
        case when point.value is null then 'class' else 'point' end as known_by,
        coalesce(point.quality, class.quality) as quality,
        coalesce(point.edition, class.edition) as edition
    from staging.interval_print as class
    left join staging.own_print as point
        on point.region = class.region
        and point.indicator = class.indicator
        and point.reference_year = class.reference_year
    where
        class.indicator = 'poverty_incidence'
        and class.definition = 'own'
        and regexp_matches(class.region, '^CN-[A-Z]+$')
)
select
    known.region,
    known.reference_year,
    known.low_pct,
    known.high_pct,
    known.known_by,
    case when known.low_pct > 0 then ln(known.low_pct) end as log_incidence_low,
    ln(known.high_pct) as log_incidence_high,
    panel.log_im,
    panel.log_gross_output,
    panel.log_eg,
    panel.log_rural_income,
    case when 'derived' in (known.quality, panel.quality)
        then 'derived' else 'published'
    end as quality,
    least(known.edition, panel.edition_low) as edition_low,
    greatest(known.edition, panel.edition_high) as edition_high
from known
left join provinces.province_panel as panel using (region, reference_year)
where known.high_pct is null or known.high_pct > 0
