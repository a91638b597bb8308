-- Counties on the list of poor counties, summed over provinces, beside the nation's count of the year
-- as it was announced. Two sources may put the exit of a county into neighbouring years: the sum then
-- lies a county off until the later of them.
-- May be empty, where no document prints the counts of provinces.
-- Grain: one row per reference_year.
-- reference_year: year; counts are of its end
-- provinces: count of provinces that print one
-- sum_of_provinces: counties
-- listed: counties of all provinces in the first year
-- nation: counties, as announced; NULL where no document prints it
-- gap: sum less nation, counties
-- nation_edition: year the nation's count was printed
select
    county.reference_year,
    count(*) as provinces,
    cast(sum(county.remaining) as bigint) as sum_of_provinces,
    cast(sum(county.listed) as bigint) as listed,
    cast(nation.value as bigint) as nation,
    cast(sum(county.remaining) - nation.value as bigint) as gap,
    nation.edition as nation_edition
from provinces.poor_county as county
left join staging.own_print as nation
    on nation.region = 'CN'
    and nation.indicator = 'national_poor_counties'
    and nation.reference_year = county.reference_year
group by county.reference_year, nation.value, nation.edition
order by county.reference_year
