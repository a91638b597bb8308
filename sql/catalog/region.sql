-- A view: every region that a figure may be of, by code and name, with what is known of it.
-- Grain: one row per region.
-- region: its code, made of ISO 3166 and GB/T 2260: CN, CN-GS
-- kind: nation, province, prefecture or county
-- name_en: present name in English
-- name_zh: present name in Chinese; the English one where none is known
-- parent: code of the region it lies in; null for a nation
-- gb: six digits of GB/T 2260; null outside China
-- also: other names, names of before among them
-- border_changes: changes of its borders, with the first year of the new ones
-- indicators: how many indicators have a figure of it
-- first_year: first reference year with a figure
-- last_year: last reference year with a figure
-- figures: prints in raw.observation
-- last_edition: last edition that printed a figure of it
-- used_in: studies that fit it
with figure as (
    select
        region,
        count(distinct indicator) as indicators,
        min(reference_year) as first_year,
        max(reference_year) as last_year,
        count(*) as figures,
        max(edition) as last_edition
    from raw.observation
    group by region
),
taken as (
    select region, string_agg(distinct study, ', ' order by study) as used_in
    from study.sample
    group by region
)
select
    known.region,
    known.kind,
    known.name_en,
    known.name_zh,
    known.parent,
    known.gb,
    known.also,
    known.border_changes,
    coalesce(figure.indicators, 0) as indicators,
    figure.first_year,
    figure.last_year,
    coalesce(figure.figures, 0) as figures,
    figure.last_edition,
    coalesce(taken.used_in, '') as used_in
from raw.region as known
left join figure using (region)
left join taken using (region)
order by figures desc, known.region
