-- Growth rates and levels by the definitions of the figures they were made of.
-- Grain: one row per growth rate and indicator, and per series of levels and indicator.
-- kind: growth or level; definitions: of the year and of the year before, or of all years of a level;
-- bridged: whether raw.definition_bridge joins the two, and a figure of each in a year of overlap is
-- among the inputs; crosses: whether the definition changes and nothing bridges it.
with input as (
    select
        input.study,
        input.region,
        input.sample,
        input.index_id,
        input.reference_year,
        input.indicator,
        input.definition,
        input.input_year
    from indices.index_input as input
),
growth as (
    select
        year.study,
        year.region,
        year.sample,
        year.index_id,
        year.reference_year,
        year.indicator,
        year.definition,
        before.definition as definition_before,
        exists (
            select 1
            from raw.definition_bridge as bridge
            join input as later
                on later.indicator = bridge.indicator
                and later.definition = bridge.later
                and later.input_year = bridge.overlap_year
            join input as earlier
                on earlier.indicator = bridge.indicator
                and earlier.definition = bridge.earlier
                and earlier.input_year = bridge.overlap_year
                and earlier.study = later.study
                and earlier.region = later.region
                and earlier.sample = later.sample
                and earlier.index_id = later.index_id
                and earlier.reference_year = later.reference_year
            where bridge.indicator = year.indicator
                and bridge.later = year.definition
                and bridge.earlier = before.definition
                and later.study = year.study
                and later.region = year.region
                and later.sample = year.sample
                and later.index_id = year.index_id
                and later.reference_year = year.reference_year
        ) as bridged
    from input as year
    join input as before
        on before.study = year.study
        and before.region = year.region
        and before.sample = year.sample
        and before.index_id = year.index_id
        and before.reference_year = year.reference_year
        and before.indicator = year.indicator
        and before.input_year = year.input_year - 1
    where year.index_id = 'AIG' and year.input_year = year.reference_year
),
level as (
    select
        study,
        region,
        sample,
        index_id,
        indicator,
        count(distinct definition) as definitions,
        string_agg(distinct definition, ', ' order by definition) as named
    from input
    where index_id <> 'AIG'
    group by study, region, sample, index_id, indicator
)
select
    'growth' as kind,
    study,
    region,
    sample,
    index_id,
    reference_year,
    indicator,
    definition || ', ' || definition_before as definitions,
    bridged,
    definition <> definition_before and not bridged as crosses
from growth
union all
select
    'level', study, region, sample, index_id, null, indicator, named, false, definitions > 1
from level
order by kind, study, region, sample, index_id, reference_year, indicator, definitions
