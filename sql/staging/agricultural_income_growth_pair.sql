-- Growth of agricultural income over the year before, both years from one edition of one source:
-- two editions would mix growth with revision.
-- May be empty, where no edition prints two years.
-- Grain: one row per study, region, sample and reference_year.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample
-- reference_year: year of the growth
-- source: who printed both years
-- edition: year they were printed
-- income_100m_cny: agricultural income of the year, 100 million yuan
-- income_before_100m_cny: agricultural income of the year before, 100 million yuan
-- from_share: true where income is share times gross product
-- quality: published, or derived where computed from the share
with pair as (
    select
        this_year.study,
        this_year.region,
        this_year.sample,
        this_year.reference_year,
        this_year.source,
        this_year.edition,
        this_year.income_100m_cny,
        year_before.income_100m_cny as income_before_100m_cny,
        this_year.from_share,
        case
            when 'derived' in (this_year.quality, year_before.quality) then 'derived'
            else this_year.quality
        end as quality,
        row_number() over (
            partition by
                this_year.study, this_year.region, this_year.sample, this_year.reference_year
            order by this_year.is_later_print, this_year.from_share, this_year.choice_rank
        ) as pair_rank
    from staging.agricultural_income as this_year
    join staging.agricultural_income as year_before
        on year_before.study = this_year.study
        and year_before.region = this_year.region
        and year_before.sample = this_year.sample
        and year_before.source = this_year.source
        and year_before.edition = this_year.edition
        and year_before.from_share = this_year.from_share
        and year_before.reference_year = this_year.reference_year - 1
)
select
    study, region, sample, reference_year, source, edition,
    income_100m_cny, income_before_100m_cny, from_share, quality
from pair
where pair_rank = 1
