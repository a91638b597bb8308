-- A view: everything that is measured or computed, by name: the quantities that documents print, and
-- the indices that studies make of them.
-- Grain: one row per indicator or index: kind and indicator; PI is both.
-- indicator: its id: column indicator of raw.observation and latest.figure, index_id and term of results
-- kind: indicator (printed) or index (computed)
-- name_en: name in English
-- name_zh: name in Chinese
-- unit: unit in which every value is kept
-- definition: what it counts, or the formula of an index
-- definitions: how many definitions go by its name, see raw.definition; null for an index
-- labels: printed labels that mean it; empty for an index
-- regions: regions with a figure, or with a value of the index
-- first_year: first reference year with one
-- last_year: last reference year with one
-- figures: prints in raw.observation, or values in indices.index_value
-- last_edition: last edition that printed it; for an index, the last edition behind a value
-- used_in: studies that take it
-- label: what its figures are, each kind that occurs: official (printed by the source), derived (computed
--     or counted from printed ones), recovered (from a paper's tables: not official); or no figure
-- stands_in: the table to look in
with figure as (
    select
        indicator,
        count(distinct region) as regions,
        min(reference_year) as first_year,
        max(reference_year) as last_year,
        count(*) as figures,
        max(edition) as last_edition,
        string_agg(
            distinct case quality when 'published' then 'official' else quality end,
            ', ' order by case quality when 'published' then 'official' else quality end
        ) as label
    from raw.observation
    group by indicator
),
taken as (
    select indicator, string_agg(study, ', ' order by study) as used_in
    from (
        select study, indicator from study.role_indicator
        union
        select study, indicator from study.formula_input
    )
    group by indicator
),
defined as (
    select
        indicator,
        count(*) as definitions,
        any_value(differs) filter (definition = 'own') as differs
    from raw.definition
    group by indicator
),
index_known as (
    select
        index_id,
        any_value(title order by study) as name_en,
        any_value(title_zh order by study) as name_zh,
        any_value(unit order by study) as unit,
        any_value(formula order by study) as formula,
        string_agg(study, ', ' order by study) as used_in
    from study.variable
    group by index_id
),
index_computed as (
    select
        index_id,
        count(distinct region) as regions,
        min(reference_year) as first_year,
        max(reference_year) as last_year,
        count(*) as figures,
        max(edition_high) as last_edition,
        string_agg(
            distinct case quality when 'published' then 'official' else quality end,
            ', ' order by case quality when 'published' then 'official' else quality end
        ) as label
    from indices.index_value
    where value is not null
    group by index_id
)
select
    known.indicator,
    'indicator' as kind,
    known.name_en,
    known.name_zh,
    known.unit,
    coalesce(defined.differs, known.name_en) as definition,
    coalesce(defined.definitions, 1) as definitions,
    known.labels,
    coalesce(figure.regions, 0) as regions,
    figure.first_year,
    figure.last_year,
    coalesce(figure.figures, 0) as figures,
    figure.last_edition,
    coalesce(taken.used_in, '') as used_in,
    coalesce(figure.label, 'no figure') as label,
    case when figure.label = 'recovered' then 'raw.observation' else 'latest.figure' end as stands_in
from raw.indicator as known
left join figure using (indicator)
left join taken using (indicator)
left join defined using (indicator)
union all
select
    index_known.index_id as indicator,
    'index' as kind,
    index_known.name_en,
    index_known.name_zh,
    index_known.unit,
    index_known.formula as definition,
    null as definitions,
    '' as labels,
    coalesce(index_computed.regions, 0) as regions,
    index_computed.first_year,
    index_computed.last_year,
    coalesce(index_computed.figures, 0) as figures,
    index_computed.last_edition,
    index_known.used_in,
    coalesce(index_computed.label, 'no figure') as label,
    'indices.index_value' as stands_in
from index_known
left join index_computed using (index_id)
order by kind desc, indicator
