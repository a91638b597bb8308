-- Figures of provinces that look odd, by four rules that know no province, year or indicator. Nothing
-- is corrected or left out for it; most of what is flagged is so for a reason (a pandemic, a small
-- base, a firm that moved its seat), and some may be a misprint.
-- A `step`: growth over the year before lies more than 4 robust standard deviations (1.4826 times the
-- median absolute deviation of all provinces and years) from the median of the provinces that year.
-- A `heavy` one lies more than 2 % of the sum of all provinces from the mean of the years beside it.
-- The `same`: two provinces print one number of four digits or more in a year. In `all`, the sum of
-- all provinces grows by 0.2 log points otherwise than in its median year.
-- May be empty, where no document prints all provinces, or nothing looks odd.
-- Grain: one row per rule, indicator, region and reference_year.
-- rule: step, heavy, same or all
-- indicator: what is printed
-- region: ISO code of the province; CN for the sum of all
-- reference_year: year of the figure; for step and all the later of the two years
-- value: in the canonical unit of the indicator
-- beside: what it is compared with, same unit: year before, mean of neighbours, the same number
-- size: step: robust deviations; heavy: share of the sum; all: log points; same: 1
with panel as (
    select
        region,
        reference_year,
        indicator,
        value,
        lag(value) over years as value_before,
        lag(reference_year) over years as year_before,
        lead(value) over years as value_after,
        lead(reference_year) over years as year_after
    from staging.own_print
    where
        regexp_matches(region, '^CN-[A-Z]+$')
        and unit in ('100m_cny', '10k_persons', 'count', 'cny')
        and value > 0
    window years as (partition by region, indicator order by reference_year)
    qualify count(*) over (partition by indicator, reference_year) = 31
),
growth as (
    select
        *,
        ln(value / value_before) - median(ln(value / value_before)) over (
            partition by indicator, reference_year
        ) as beyond_median
    from panel
    where year_before = reference_year - 1
),
scaled as (
    select
        *,
        beyond_median / nullif(
            1.4826 * median(abs(beyond_median)) over (partition by indicator), 0
        ) as deviations
    from growth
),
total as (
    select indicator, reference_year, fsum(value order by region) as total
    from panel
    group by indicator, reference_year
),
total_growth as (
    select
        now.indicator,
        now.reference_year,
        now.total,
        before.total as total_before,
        ln(now.total / before.total) - median(ln(now.total / before.total)) over (
            partition by now.indicator
        ) as beyond_median
    from total as now
    join total as before
        on before.indicator = now.indicator and before.reference_year = now.reference_year - 1
)
select 'step' as rule, indicator, region, reference_year, value, value_before as beside,
    deviations as size
from scaled
where abs(deviations) > 4
union all
select
    'heavy' as rule,
    panel.indicator,
    panel.region,
    panel.reference_year,
    panel.value,
    (panel.value_before + panel.value_after) / 2 as beside,
    (panel.value - (panel.value_before + panel.value_after) / 2) / total.total as size
from panel
join total using (indicator, reference_year)
where
    panel.year_before = panel.reference_year - 1
    and panel.year_after = panel.reference_year + 1
    and abs(panel.value - (panel.value_before + panel.value_after) / 2) > 0.02 * total.total
union all
select
    'same' as rule, one.indicator, one.region, one.reference_year, one.value,
    other.value as beside, 1.0 as size
from panel as one
join panel as other
    on other.indicator = one.indicator
    and other.reference_year = one.reference_year
    and other.value = one.value
    and other.region <> one.region
-- a number without its zeros at the end: 515.9 has four digits
where length(rtrim(replace(cast(cast(one.value as decimal(18, 4)) as varchar), '.', ''), '0')) >= 4
union all
select
    'all' as rule, indicator, 'CN' as region, reference_year, total as value,
    total_before as beside, beyond_median as size
from total_growth
where abs(beyond_median) > 0.2
