-- Why figures are withheld, as the run before decided.
-- Grain: one row per withheld figure of micro.area_disclosure; fields of published_periods._Kept.
select dataset, level, area, year, seller_group, reason
from micro.area_disclosure
where reason is not null
order by all
