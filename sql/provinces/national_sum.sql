-- Sums over the 31 provinces beside the nation's figure of the year, by the indicator's own
-- definition. The nation's is its latest print; each province's is its latest print up to the edition
-- of that one, where all 31 have such, since a census between the two would look like a gap; else the
-- latest. A part of agriculture adds up; gross product does not, since provinces and the nation are
-- computed apart; residents lack the armed forces, who count in no province; income per head is no
-- sum.
-- May be empty, where no document prints all provinces.
-- Grain: one row per indicator and reference_year that all 31 provinces and the nation have.
-- indicator: what is summed
-- reference_year: year
-- unit: canonical unit of the indicator
-- sum_of_provinces: in the unit
-- nation: in the unit
-- gap: sum less nation, in the unit
-- gap_pct: the same in per cent of the nation
-- provinces_edition: latest edition among the prints of provinces
-- nation_edition: year the nation's figure was printed
with nation as (
    select indicator, reference_year, unit, value, edition
    from staging.own_print
    where region = 'CN' and unit in ('100m_cny', '10k_persons', 'count')
),
print as (
    select
        print.region,
        print.indicator,
        print.reference_year,
        print.value,
        print.edition,
        print.latest_order,
        print.edition <= nation.edition as is_of_then
    from staging.print_order as print
    join nation
        on nation.indicator = print.indicator and nation.reference_year = print.reference_year
    where
        regexp_matches(print.region, '^CN-[A-Z]+$')
        and print.definition = 'own'
        and print.quality <> 'recovered'
        and print.print_status <> 'forecast'
),
complete as (
    select indicator, reference_year
    from print
    where is_of_then
    group by indicator, reference_year
    having count(distinct region) = 31
),
taken as (
    select print.*
    from print
    left join complete using (indicator, reference_year)
    where print.is_of_then or complete.indicator is null
    qualify row_number() over (
        partition by print.region, print.indicator, print.reference_year
        order by print.latest_order
    ) = 1
),
summed as (
    select
        indicator,
        reference_year,
        fsum(value order by region) as sum_of_provinces,
        max(edition) as provinces_edition
    from taken
    group by indicator, reference_year
    having count(*) = 31
)
select
    summed.indicator,
    summed.reference_year,
    nation.unit,
    summed.sum_of_provinces,
    nation.value as nation,
    summed.sum_of_provinces - nation.value as gap,
    100 * (summed.sum_of_provinces - nation.value) / nation.value as gap_pct,
    summed.provinces_edition,
    nation.edition as nation_edition
from summed
join nation using (indicator, reference_year)
