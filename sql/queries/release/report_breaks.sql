-- The years in which a sample of one study changes its definition of agricultural income.
-- Grain: one row per sample, reference_year and reason.
-- $study.
select distinct
    sample,
    reference_year,
    reason
from staging.agricultural_income_break
join study.sample using (study, region, sample)
where study = $study
order by sample, reference_year, reason
