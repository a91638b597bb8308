-- Index values of every sample that a study names, each with the vintage and the quality of its
-- inputs.
-- Grain: one row per study, region, sample, index_id and reference_year.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample
-- sample_order: place of the sample in the study, from 1
-- reference_year: year
-- index_id: PI, AIG, IM, CEI, aEDI, EG or an index of the study's own
-- value: in `unit`; null where missing
-- unit: of the index: ratio, for EG 10k_cny_per_person, as the formula says for one of the study's own
-- status: computed from its inputs, reported by a document as an index, or missing
-- reason: why it is missing
-- quality: worst quality of its inputs: published, derived or recovered; null where missing
-- edition_low: earliest edition among its inputs
-- edition_high: latest edition among its inputs
with vintage as (
    select
        study,
        region,
        sample,
        index_id,
        reference_year,
        min(edition) as edition_low,
        max(edition) as edition_high,
        max(case quality when 'published' then 1 when 'derived' then 2 else 3 end) as quality_rank
    from indices.index_input
    group by study, region, sample, index_id, reference_year
)
select
    year.study,
    year.region,
    year.sample,
    named.sample_order,
    year.reference_year,
    derivation.index_id,
    derivation.value,
    variable.unit,
    derivation.status,
    case when derivation.status = 'missing'
        then concat_ws('; ', derivation.reason, class.gap) else derivation.reason
    end as reason,
    case vintage.quality_rank
        when 1 then 'published'
        when 2 then 'derived'
        when 3 then 'recovered'
    end as quality,
    vintage.edition_low,
    vintage.edition_high
from indices.index_derivation as derivation
join staging.study_year as year using (study, region, sample, reference_year)
join study.sample as named
    on named.study = derivation.study
    and named.region = derivation.region
    and named.sample = derivation.sample
join study.variable as variable
    on variable.study = derivation.study and variable.index_id = derivation.index_id
left join staging.interval_gap as class
    on class.study = derivation.study
    and class.region = derivation.region
    and class.index_id = derivation.index_id
    and class.reference_year = derivation.reference_year
left join vintage
    on vintage.study = derivation.study
    and vintage.region = derivation.region
    and vintage.sample = derivation.sample
    and vintage.index_id = derivation.index_id
    and vintage.reference_year = derivation.reference_year
