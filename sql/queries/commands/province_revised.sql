-- What each edition did to gross product, population, IM and EG of the provinces.
-- Grain: one row per edition that moved any.
-- moved: rows of a province and year; median_*: median of the sizes of the changes, per cent;
-- least_eg, most_eg: the changes of EG furthest down and up, with the province and year.
select
    known_by,
    min(reference_year) as first_year,
    max(reference_year) as last_year,
    count(*) as moved,
    median(abs(gross_product_change_pct)) as median_product_pct,
    median(abs(population_change_pct)) as median_population_pct,
    median(abs(im_change_pct)) as median_im_pct,
    median(abs(eg_change_pct)) as median_eg_pct,
    min(eg_change_pct) as least_eg_pct,
    arg_min(region || ' ' || reference_year, eg_change_pct) as least_eg,
    max(eg_change_pct) as most_eg_pct,
    arg_max(region || ' ' || reference_year, eg_change_pct) as most_eg
from provinces.panel_revision
group by known_by
order by known_by
