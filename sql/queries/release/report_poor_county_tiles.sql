-- Share of the listed poor counties that remained on the list at the end of a year, by province.
-- Grain: one row per province.
-- value: ratio, of the year in which the share of all provinces together is nearest to one half;
-- null for provinces without poor counties. name_zh: without 省, 市, 自治区.
with middle as (
    select reference_year
    from provinces.poor_county
    group by reference_year
    order by abs(sum(remaining) / sum(listed) - 0.5), reference_year
    limit 1
)
select
    region.region,
    regexp_replace(region.name_zh, '(省|市|(壮族|回族|维吾尔)?自治区)$', '') as name_zh,
    middle.reference_year,
    county.remaining_share as value
from catalog.region as region
cross join middle
left join provinces.poor_county as county
    on county.region = region.region and county.reference_year = middle.reference_year
where region.kind = 'province'
order by region.region
