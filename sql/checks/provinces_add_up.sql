-- Whether 31 provinces and the nation differ by what is right to differ: nothing but rounding in gross
-- output of agriculture and rural residents; the armed forces in urban and all residents, who count in
-- no province (2.3 million by the census of 2010, 2.0 by that of 2020); in gross product, of which
-- provinces and nation are computed apart, less than 1 %. Of editions a year apart at most: between
-- others a census may lie.
-- Check on: provinces.national_sum
-- Grain: one row per indicator and reference_year of which the difference is another.
-- Severity: warning
-- Message: {rows} {sum over provinces lies|sums over provinces lie} further from the nation's figure than right.
with rule (indicator, least_gap, largest_gap) as (
    values
        ('agriculture_gross_output', -0.16, 0.16), -- half of .01, of 31 provinces and the nation
        ('rural_population', -16, 16), -- half of 1, the same
        ('urban_population', -230 - 16, -200 + 16),
        ('population_year_end', -230 - 16, -200 + 16)
)
select
    summed.indicator, summed.reference_year, summed.sum_of_provinces, summed.nation, summed.gap,
    summed.gap_pct, summed.provinces_edition, summed.nation_edition
from provinces.national_sum as summed
left join rule using (indicator)
where
    abs(summed.provinces_edition - summed.nation_edition) <= 1
    and (
        summed.gap not between rule.least_gap and rule.largest_gap
        or summed.indicator = 'gross_product' and abs(summed.gap_pct) > 1
    )
order by all
