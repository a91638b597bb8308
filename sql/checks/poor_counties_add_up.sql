-- Whether poor counties of provinces add up to the nation's: exactly in the first and the last
-- year, and else to one county, whose exit two sources may put into neighbouring years.
-- Check on: provinces.poor_county_sum
-- Grain: one row per reference_year in which they do not.
-- Severity: warning
-- Message: {rows} {year|years} in which the poor counties of provinces are not the nation's.
select reference_year, sum_of_provinces, nation, gap
from provinces.poor_county_sum
where
    abs(gap) > 1
    or gap <> 0 and reference_year in (
        (select min(reference_year) from provinces.poor_county_sum),
        (select max(reference_year) from provinces.poor_county_sum)
    )
order by all
