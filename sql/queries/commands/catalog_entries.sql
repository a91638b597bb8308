-- What the catalog has under a word: indicators, indices, regions, studies and documents by name.
-- Grain: one row per entry.
-- $word: in its key, in a name in either language, or in a printed label, in any case; key: what the
-- tables call it; years: of its figures; figures: of a study, headline results; label: recovered and
-- simulated data are no official ones; look_in: where they stand.
with defined as (
    select indicator, string_agg(concat_ws(' ', name_en, name_zh, labels), ' ') as definitions_named
    from raw.definition
    group by indicator
),
entry as (
    select
        kind,
        indicator as key,
        name_en,
        name_zh,
        concat_ws(' ', definition, labels, definitions_named) as other_words,
        first_year,
        last_year,
        figures,
        label,
        stands_in || ' where ' || if(kind = 'index', 'index_id', 'indicator')
        || ' = ''' || indicator || '''' as look_in
    from catalog.indicator
    left join defined using (indicator)
    union all
    select
        kind,
        region as key,
        name_en,
        name_zh,
        concat_ws(' ', also, gb) as other_words,
        first_year,
        last_year,
        figures,
        '' as label,
        'latest.figure where region = ''' || region || '''' as look_in
    from catalog.region
    union all
    select
        'study' as kind,
        study as key,
        name_en,
        coalesce(name_zh, '') as name_zh,
        label as other_words,
        first_year,
        last_year,
        results as figures,
        label,
        'current.result where study = ''' || study || '''' as look_in
    from catalog.study
    union all
    select
        'document' as kind,
        source || ' ' || edition as key,
        title as name_en,
        '' as name_zh,
        publisher as other_words,
        first_year,
        last_year,
        figures,
        if(quality = 'recovered', 'recovered', '') as label,
        'raw.observation where source = ''' || source || '''' as look_in
    from catalog.document
)
select
    kind,
    key,
    name_en,
    name_zh,
    case when first_year is null then '' else first_year || '-' || last_year end as years,
    figures,
    label,
    look_in
from entry
where contains(lower(concat_ws(' ', key, name_en, name_zh, other_words)), lower($word))
order by
    list_position(['index', 'indicator', 'study', 'nation', 'province', 'prefecture', 'county'], kind)
    nulls last,
    figures desc,
    key
