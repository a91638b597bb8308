-- What He's Tables 2 to 6 hold beside coefficients, on all provinces and years in one heap.
-- Grain: one row per kind, variable, other variable and statistic.
-- $vintage, $study.
select kind, variable, other_variable, statistic, value
from model.province_diagnostic
where vintage = $vintage and study = $study
order by kind, variable, other_variable, statistic
