-- First and last year of each data set's sales records.
-- Private. Kept as a view, over what intake keeps. May be empty, where there is no data set.
-- Grain: one row per dataset.
-- dataset: data set
-- first_year: first year with a record
-- last_year: last year with a record
select dataset, min(year) as first_year, max(year) as last_year
from micro.seller_year
group by dataset
