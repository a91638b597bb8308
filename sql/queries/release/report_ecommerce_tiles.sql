-- E-commerce sales of enterprises over gross product in the last year of the panel, by province.
-- Grain: one row per province.
-- value: ratio; null where the panel has no figure. name_zh: without 省, 市, 自治区.
select
    region.region,
    regexp_replace(region.name_zh, '(省|市|(壮族|回族|维吾尔)?自治区)$', '') as name_zh,
    last.reference_year,
    panel.im_sales as value
from catalog.region as region
cross join (select max(reference_year) as reference_year from provinces.province_panel) as last
left join provinces.province_panel as panel
    on panel.region = region.region and panel.reference_year = last.reference_year
where region.kind = 'province'
order by region.region
