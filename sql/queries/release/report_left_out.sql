-- The coefficients of OLS on min-max normalised variables without each year in turn.
-- Grain: one row per region, sample, term and year.
-- $study, $vintage; setting: as model.robustness names it; year: the one left out.
select
    region,
    sample,
    term,
    setting,
    cast(regexp_extract(setting, '^k=0, without ([0-9]+)$', 1) as integer) as year,
    value
from model.robustness
where
    study = $study
    and vintage = $vintage
    and method = 'leave_one_year_out'
    and statistic = 'coefficient'
    and term <> 'const'
    and regexp_matches(setting, '^k=0, without [0-9]+$')
order by region, sample, term, year
