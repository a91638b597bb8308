-- What each edition did to gross product, population, IM, EG and primary value added of provinces.
-- Grain: one row per edition that moved any.
-- moved: rows of a province and year; median_*: median of the sizes of the changes, per cent;
-- least_eg, most_eg: the changes of EG furthest down and up, with the province and year.
-- primary_moved: rows whose primary value added changed by more than rounding may make; least_primary,
-- most_primary: of those the changes furthest down and up.
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
    arg_max(region || ' ' || reference_year, eg_change_pct) as most_eg,
    count(primary_change_pct) as primary_compared,
    count(*) filter (beyond_rounding) as primary_moved,
    median(abs(primary_change_pct)) as median_primary_pct,
    min(primary_change_pct) filter (beyond_rounding) as least_primary_pct,
    arg_min(region || ' ' || reference_year, primary_change_pct) filter (beyond_rounding)
        as least_primary,
    max(primary_change_pct) filter (beyond_rounding) as most_primary_pct,
    arg_max(region || ' ' || reference_year, primary_change_pct) filter (beyond_rounding)
        as most_primary
from (
    select *, abs(primary_change_pct) > primary_rounding_pct as beyond_rounding
    from provinces.panel_revision
) as revision
group by known_by
order by known_by
