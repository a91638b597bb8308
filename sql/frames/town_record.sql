-- Towns whose place, name or level of development cannot be true.
-- Grain: one row per dataset and rule.
-- violations: records that break the rule; example: the first town.
with checked as (
    select
        dataset,
        town_id,
        longitude_deg between 73 and 136 and latitude_deg between 3 and 54 as in_china,
        baseline_gdp_per_head_cny between 500 and 1000000 as plausible_gdp,
        least(length(trim(name)), length(trim(county)), length(trim(province))) > 0 as named
    from raw.town
)
select dataset, 'in_china' as rule, count_if(not in_china) as violations,
    coalesce(min(case when not in_china then town_id end), '') as example
from checked
group by dataset
union all
select dataset, 'plausible_gdp', count_if(not plausible_gdp),
    coalesce(min(case when not plausible_gdp then town_id end), '')
from checked
group by dataset
union all
select dataset, 'named', count_if(not named),
    coalesce(min(case when not named then town_id end), '')
from checked
group by dataset
