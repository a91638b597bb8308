-- Growth of agricultural income over the year before, both years from one edition of one source:
-- two editions would mix growth with revision. Both count by one definition; where an edition has
-- none such, a bridge of raw.definition_bridge leads from one to another, and without one there is no
-- row here (staging.agricultural_income_break).
-- May be empty, where no edition prints two years.
-- Grain: one row per study, region, sample and reference_year.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample
-- reference_year: year of the growth
-- source: who printed both years
-- edition: year they were printed
-- indicator: what is printed: the income, or the share
-- definition: by which the year counts
-- definition_before: by which the year before counts
-- income_100m_cny: agricultural income of the year, 100 million yuan
-- income_before_100m_cny: agricultural income of the year before, 100 million yuan; over a bridge
--     carried to the definition of the year
-- from_share: true where income is share times gross product
-- overlap_year: the year whose two figures bridge the definitions; null where both count by one
-- bridge: the rule in words; null where both count by one
-- quality: published, or derived where computed from the share
with pair as (
    select
        this_year.study,
        this_year.region,
        this_year.sample,
        this_year.reference_year,
        this_year.source,
        this_year.edition,
        this_year.indicator,
        this_year.definition,
        year_before.definition as definition_before,
        this_year.definition_name,
        year_before.definition_name as definition_name_before,
        this_year.income_100m_cny,
        year_before.income_100m_cny as income_before_100m_cny,
        this_year.from_share,
        this_year.is_later_print,
        this_year.choice_rank,
        case
            when 'derived' in (this_year.quality, year_before.quality) then 'derived'
            else this_year.quality
        end as quality
    from staging.agricultural_income as this_year
    join staging.agricultural_income as year_before
        on year_before.study = this_year.study
        and year_before.region = this_year.region
        and year_before.sample = this_year.sample
        and year_before.source = this_year.source
        and year_before.edition = this_year.edition
        and year_before.from_share = this_year.from_share
        and year_before.reference_year = this_year.reference_year - 1
),
bridged as (
    select
        pair.*,
        bridge.overlap_year,
        later.income_100m_cny / earlier.income_100m_cny as ratio,
        row_number() over (
            partition by
                pair.study, pair.region, pair.sample, pair.reference_year, pair.source,
                pair.edition, pair.definition, pair.definition_before
            order by abs(bridge.overlap_year - pair.reference_year), bridge.overlap_year
        ) as distance_rank
    from pair
    join raw.definition_bridge as bridge
        on bridge.indicator = pair.indicator
        and bridge.earlier = pair.definition_before
        and bridge.later = pair.definition
        and bridge.rule = 'ratio_at_overlap'
    join staging.agricultural_income as later
        on later.study = pair.study
        and later.region = pair.region
        and later.sample = pair.sample
        and later.source = pair.source
        and later.edition = pair.edition
        and later.indicator = pair.indicator
        and later.definition = pair.definition
        and later.reference_year = bridge.overlap_year
    join staging.agricultural_income as earlier
        on earlier.study = pair.study
        and earlier.region = pair.region
        and earlier.sample = pair.sample
        and earlier.source = pair.source
        and earlier.edition = pair.edition
        and earlier.indicator = pair.indicator
        and earlier.definition = pair.definition_before
        and earlier.reference_year = bridge.overlap_year
    where not pair.from_share and earlier.income_100m_cny <> 0
),
comparable as (
    select
        study, region, sample, reference_year, source, edition, indicator, definition,
        definition_before, income_100m_cny, income_before_100m_cny, from_share, quality,
        is_later_print, choice_rank,
        cast(null as integer) as overlap_year,
        cast(null as varchar) as bridge
    from pair
    where definition = definition_before
    union all
    select
        study, region, sample, reference_year, source, edition, indicator, definition,
        definition_before, income_100m_cny, income_before_100m_cny * ratio, from_share,
        quality,
        is_later_print, choice_rank,
        overlap_year,
        'bridged from ' || definition_name_before || ' to ' || definition_name
            || ' by the ratio of both in ' || overlap_year
            || ', ' || source || ' ' || edition as bridge
    from bridged
    where distance_rank = 1
),
ranked as (
    select
        *,
        row_number() over (
            partition by study, region, sample, reference_year
            order by
                is_later_print, overlap_year is not null, from_share,
                definition not in ('own', 'own x own'), choice_rank, definition, definition_before
        ) as pair_rank
    from comparable
)
select
    study, region, sample, reference_year, source, edition, indicator, definition,
    definition_before, income_100m_cny, income_before_100m_cny, from_share, overlap_year, bridge,
    quality
from ranked
where pair_rank = 1
