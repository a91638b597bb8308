-- The coefficients of one study under every specification, fifty-one of each regressor.
-- Grain: one row per region, sample, term and setting, by rising coefficient.
-- $study, $vintage; percent: share of specifications with a lower coefficient; of_all: how many
-- there are. Taken is what lies nearest to each second per cent.
with curve as (
    select
        region,
        sample,
        term,
        setting,
        place,
        coefficient,
        low,
        high,
        p,
        count(*) over (partition by region, sample, term) as of_all
    from model.specification
    where study = $study and vintage = $vintage
)
select
    region,
    sample,
    term,
    setting,
    coefficient,
    low,
    high,
    p,
    of_all,
    cast(2 * round((place - 1) * 50.0 / greatest(of_all - 1, 1)) as integer) as percent
from curve
qualify
    row_number() over (
        partition by region, sample, term, percent
        order by abs((place - 1) * 100.0 / greatest(of_all - 1, 1) - percent), place
    ) = 1
order by region, sample, term, place
