-- Where a province stands among all, in the last year: e-commerce, income, and its own slope.
-- Grain: one row, or none where the province is not there.
-- $vintage, $region; rank_*: 1 is the highest of `provinces`.
with last_year as (
    select
        region,
        reference_year,
        im_sales,
        rural_income_cny
    from provinces.province_panel
    where im_sales is not null and rural_income_cny is not null
    qualify reference_year = max(reference_year) over ()
),
ranked as (
    select
        region,
        reference_year,
        im_sales,
        rural_income_cny,
        rank() over (order by im_sales desc) as rank_im,
        rank() over (order by rural_income_cny desc) as rank_income,
        count(*) over () as provinces
    from last_year
),
slope as (
    select sample as region, estimate, rank() over (order by estimate desc) as rank_slope
    from model.province_estimate
    where
        vintage = $vintage
        and specification = 'income'
        and estimator = 'own_years'
        and term = 'log_im'
)
select
    ranked.region,
    ranked.reference_year,
    ranked.im_sales,
    ranked.rank_im,
    ranked.rural_income_cny,
    ranked.rank_income,
    ranked.provinces,
    slope.estimate as own_slope,
    slope.rank_slope
from ranked
join slope using (region)
where region = $region
