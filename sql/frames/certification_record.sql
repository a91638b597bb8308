-- Lists outside of the data, and data in which certification cannot be studied.
-- Grain: one row per dataset and rule.
-- violations: records that break the rule; records: records looked at.
with listed as (
    select
        place.dataset,
        count_if(place.year not between span.first_year and span.last_year) as outside,
        count(*) as records
    from raw.town_certification_list as place
    join micro.data_span as span on span.dataset = place.dataset
    group by place.dataset
),
status as (
    select dataset, count_if(not is_never) as ever, count_if(is_never) as never, count(*) as towns
    from micro.town_cohort
    group by dataset
)
select dataset, 'listed_in_span' as rule, outside as violations, records
from listed
union all
select dataset, 'some_certified', case when ever = 0 then towns else 0 end, towns
from status
union all
select dataset, 'some_never_certified', case when never = 0 then towns else 0 end, towns
from status
