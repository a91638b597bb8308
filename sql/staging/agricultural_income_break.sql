-- Years in which an edition prints agricultural income of the year and of the year before, but by two
-- definitions that no bridge joins there: no growth is taken from one to the other.
-- May be empty, where every edition keeps to its definitions.
-- Grain: one row per study, region, sample and reference_year.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample
-- reference_year: year of the growth that is not taken
-- source: who printed both years
-- edition: year they were printed
-- definition: by which the year counts
-- definition_before: by which the year before counts
-- reason: the change in words
with change as (
    select
        this_year.study,
        this_year.region,
        this_year.sample,
        this_year.reference_year,
        this_year.source,
        this_year.edition,
        this_year.definition,
        year_before.definition as definition_before,
        this_year.definition_name,
        year_before.definition_name as definition_name_before,
        row_number() over (
            partition by
                this_year.study, this_year.region, this_year.sample, this_year.reference_year
            order by
                this_year.is_later_print, this_year.from_share, this_year.choice_rank,
                this_year.definition, year_before.definition
        ) as change_rank
    from staging.agricultural_income as this_year
    join staging.agricultural_income as year_before
        on year_before.study = this_year.study
        and year_before.region = this_year.region
        and year_before.sample = this_year.sample
        and year_before.source = this_year.source
        and year_before.edition = this_year.edition
        and year_before.from_share = this_year.from_share
        and year_before.reference_year = this_year.reference_year - 1
        and year_before.definition <> this_year.definition
)
select
    change.study,
    change.region,
    change.sample,
    change.reference_year,
    change.source,
    change.edition,
    change.definition,
    change.definition_before,
    'agricultural income changes its definition between ' || (change.reference_year - 1)
        || ' (' || change.definition_name_before || ') and ' || change.reference_year
        || ' (' || change.definition_name || ') in ' || change.source || ' ' || change.edition
        || ', and nothing bridges it' as reason
from change
anti join staging.agricultural_income_growth_pair as pair
    on pair.study = change.study
    and pair.region = change.region
    and pair.sample = change.sample
    and pair.reference_year = change.reference_year
where change.change_rank = 1
