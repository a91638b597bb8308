-- Index values on the figures as first printed, beside those on the latest prints, where the two
-- differ.
-- Grain: one row per study, region, index_id and reference_year.
-- $region: only this one; null for all; first_value, latest_value: ratio, EG in 10,000 yuan per
-- person; change_pct: of the first value.
with value as (
    select
        study, region, index_id, reference_year, sample.choose, value.value
    from indices.index_value as value
    join study.sample as sample using (study, region, sample)
    where value.value is not null and region = coalesce($region, region)
)
select
    study,
    region,
    index_id,
    reference_year,
    first.value as first_value,
    latest.value as latest_value,
    100 * (latest.value - first.value) / nullif(abs(first.value), 0) as change_pct
from value as first
join value as latest using (study, region, index_id, reference_year)
where first.choose = 'first_printed' and latest.choose = 'latest' and first.value <> latest.value
order by study, region, index_id, reference_year
