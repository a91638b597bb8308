-- Sums over the 31 provinces beside the nation's figure of the year, each the latest print by the
-- indicator's own definition. A part of agriculture adds up; gross product does not, since provinces
-- and the nation are computed apart, and income per head is no sum.
-- May be empty, where no document prints all provinces.
-- Grain: one row per indicator and reference_year that all 31 provinces and the nation have.
-- indicator: what is summed
-- reference_year: year
-- unit: canonical unit of the indicator
-- sum_of_provinces: in the unit
-- nation: in the unit
-- gap: sum less nation, in the unit
-- gap_pct: the same in per cent of the nation
-- nation_edition: year the nation's figure was printed
with summed as (
    select indicator, reference_year, unit, fsum(value order by region) as sum_of_provinces
    from staging.own_print
    where
        regexp_matches(region, '^CN-[A-Z]+$') and unit in ('100m_cny', '10k_persons', 'count')
    group by indicator, reference_year, unit
    having count(*) = 31
)
select
    summed.indicator,
    summed.reference_year,
    summed.unit,
    summed.sum_of_provinces,
    nation.value as nation,
    summed.sum_of_provinces - nation.value as gap,
    100 * (summed.sum_of_provinces - nation.value) / nation.value as gap_pct,
    nation.edition as nation_edition
from summed
join staging.own_print as nation
    on nation.region = 'CN'
    and nation.indicator = summed.indicator
    and nation.reference_year = summed.reference_year
