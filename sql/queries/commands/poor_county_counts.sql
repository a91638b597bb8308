-- Counties on the list of poor counties by year: of all provinces, as announced, and of one province.
-- Grain: one row per reference_year.
-- $region: the province shown beside the sums.
select
    total.reference_year,
    total.provinces,
    total.sum_of_provinces,
    total.listed,
    total.nation,
    county.remaining as own_remaining,
    county.listed as own_listed
from provinces.poor_county_sum as total
left join provinces.poor_county as county
    on county.reference_year = total.reference_year and county.region = $region
order by total.reference_year
