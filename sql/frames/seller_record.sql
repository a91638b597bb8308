-- Sellers whose dates cannot be true.
-- Grain: one row per dataset and rule.
-- violations: records that break the rule, or by how many more than half they are too many;
-- records: records looked at.
with checked as (
    select
        seller.dataset,
        year(seller.opened_on) between 2003 and span.last_year as opened_in_time,
        coalesce(year(seller.opened_on) - seller.birth_year between 10 and 100, true)
            as opened_at_an_age,
        seller.gender is not null as gender_known
    from micro.seller as seller
    join micro.data_span as span on span.dataset = seller.dataset
)
select dataset, 'opened_in_time' as rule,
    cast(count_if(not opened_in_time) as bigint) as violations, count(*) as records
from checked
group by dataset
union all
select dataset, 'opened_at_an_age', cast(count_if(not opened_at_an_age) as bigint), count(*)
from checked
group by dataset
union all
select dataset, 'gender_known',
    cast(greatest(count_if(not gender_known) - count(*) // 2, 0) as bigint), count(*)
from checked
group by dataset
