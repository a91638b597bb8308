-- aEDI against 0.5 IM + 0.5 CEI, where all three have a value.
-- Grain: one row per study, region, sample and reference_year.
-- expected, actual: index points; gap_share: absolute gap over the larger of the two.
-- tolerance: 1e-12 where the three were computed; 0.001 where one was reported by a document, which
-- prints three or four digits.
with wide as (
    select
        study,
        region,
        sample,
        reference_year,
        max(value) filter (where index_id = 'IM') as im,
        max(value) filter (where index_id = 'CEI') as cei,
        max(value) filter (where index_id = 'aEDI') as actual,
        bool_and(status = 'computed') as computed
    from indices.index_value
    where index_id in ('IM', 'CEI', 'aEDI')
    group by study, region, sample, reference_year
),
compared as (
    select
        study, region, sample, reference_year, im, cei, actual,
        0.5 * im + 0.5 * cei as expected,
        case when computed then 1e-12 else 1e-3 end as tolerance
    from wide
    where im is not null and cei is not null and actual is not null
)
select
    *,
    abs(expected - actual) / greatest(abs(expected), abs(actual), 1e-300) as gap_share,
    greatest(gap_share - tolerance, 0) as excess
from compared
order by study, region, sample, reference_year
