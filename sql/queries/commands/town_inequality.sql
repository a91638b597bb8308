-- How unequal towns are in the last year of which both states are known: as observed, without
-- certification, and the difference of both.
-- Grain: one row per year, unit, measure, part and state. $vintage, $dataset.
-- Not the curves of Lorenz, nor beta, which is about all years.
select year, unit, measure, part, state, value, low, high
from model.town_inequality
where
    vintage = $vintage
    and dataset = $dataset
    and measure in ('theil', 'gini', 'sigma')
    and year = (
        select max(year)
        from model.town_inequality
        where vintage = $vintage and dataset = $dataset and state = 'difference'
    )
order by
    list_position(['theil', 'gini', 'sigma'], measure), part <> 'total', part,
    list_position(['observed', 'without certification', 'difference'], state)
