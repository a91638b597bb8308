-- A view: every study, with what it is about and where its results stand.
-- Grain: one row per study.
-- study: its name: column study of results; of towns the data set, column dataset
-- kind: series (one region, year by year), provinces (a panel), towns (records of sellers), or
--     published (a study of others, its printed numbers computed again)
-- name_en: title in English
-- name_zh: title in Chinese; null where nobody wrote one
-- regions: regions it is fitted for; for towns, provinces of its towns
-- first_year: first year; null for towns
-- last_year: last year; null for towns
-- samples: its samples, the headline one last
-- label: official, derived, recovered or simulated: what its figures are; published: by others
-- results: rows of current.result about it
-- stands_in: tables of its results, one row per result without a filter by vintage
with result as (
    select study, count(*) as results
    from current.result
    group by study
),
taken as (
    select study, bool_or(quality = 'recovered') as is_recovered
    from indices.index_value
    group by study
),
series as (
    select
        study,
        any_value(title) as name_en,
        any_value(title_zh) as name_zh,
        count(distinct region) as regions,
        min(first_year) as first_year,
        max(last_year) as last_year,
        string_agg(sample, ', ' order by sample_order) filter (place = 1) as samples
    from (
        select *, row_number() over (partition by study, sample order by region) as place
        from study.sample
    )
    group by study
),
province as (
    select
        estimate.study,
        any_value(finding.label) as label,
        max(estimate.provinces) as regions,
        min(estimate.first_year) as first_year,
        max(estimate.last_year) as last_year
    from model.province_estimate as estimate
    join (select study, any_value(label) as label from model.province_finding group by study)
        as finding using (study)
    group by estimate.study
),
province_title (study, name_en, name_zh, figures) as (
    values
        (
            'provinces_2016_2024',
            'E-commerce of enterprises and rural income in the provinces of China',
            '各省企业电子商务与农村居民收入',
            'provinces.province_panel'
        ),
        (
            'poor_counties_2015_2020',
            'E-commerce of enterprises and the exit of 832 poor counties from the national list',
            '各省企业电子商务与832个贫困县摘帽',
            'provinces.poor_county'
        ),
        (
            'poverty_classes_2016_2018',
            'E-commerce of enterprises and rural poverty incidence by class in the provinces',
            '各省企业电子商务与农村贫困发生率（区间）',
            'provinces.poverty_class'
        )
),
town as (
    select dataset, count(distinct province) as regions
    from raw.town
    group by dataset
)
select
    series.study,
    'series' as kind,
    series.name_en,
    series.name_zh,
    series.regions,
    series.first_year,
    series.last_year,
    series.samples,
    case when taken.is_recovered then 'recovered' else 'official' end as label,
    coalesce(result.results, 0) as results,
    'current.fit, current.coefficient, current.robustness, indices.index_value' as stands_in
from series
left join result using (study)
left join taken using (study)
union all
select
    province.study,
    'provinces' as kind,
    coalesce(province_title.name_en, province.study) as name_en,
    province_title.name_zh,
    province.regions,
    province.first_year,
    province.last_year,
    '' as samples,
    province.label,
    coalesce(result.results, 0) as results,
    concat_ws(
        ', ', 'current.province_finding', 'current.province_estimate', province_title.figures
    ) as stands_in
from province
left join province_title using (study)
left join result using (study)
union all
select
    dataset.dataset as study,
    'towns' as kind,
    dataset.title as name_en,
    null as name_zh,
    coalesce(town.regions, 0) as regions,
    null as first_year,
    null as last_year,
    '' as samples,
    case when dataset.simulated then 'simulated' else 'official' end as label,
    coalesce(result.results, 0) as results,
    'current.town_finding, current.town_estimate, towns.town_year' as stands_in
from raw.town_dataset as dataset
left join town using (dataset)
left join result on result.study = dataset.dataset
union all
select
    replication.replication as study,
    'published' as kind,
    replication.title as name_en,
    null as name_zh,
    0 as regions,
    null as first_year,
    null as last_year,
    '' as samples,
    'published' as label,
    0 as results,
    'current.printed_comparison' as stands_in
from raw.replication as replication
where replication.replication not in (select study from study.sample)
order by kind, study
