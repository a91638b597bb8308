-- The samples of one study, in its order.
-- Grain: one row per region and sample.
-- $study.
select
    sample,
    region,
    title,
    title_zh,
    first_year,
    last_year
from study.sample
where study = $study
order by sample_order
