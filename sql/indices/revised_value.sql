-- Index values that one new document alone moves: from what the documents published before give, to
-- what they give together with its revised figures, or with all of its figures.
-- May be empty, where no new document moves any.
-- Grain: one row per study, region, sample, source, edition, prints, index_id and reference_year.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample
-- source: source of the new document
-- edition: year it was printed
-- prints: revised for figures that had been printed before; all for its new figures, too
-- index_id: PI, AIG, IM, CEI, aEDI or EG
-- reference_year: year
-- old_value: ratio, EG in 10,000 yuan per person; null where missing
-- new_value: the same with the document; null where missing
-- change: new less old; null where either is missing
-- change_pct: change in per cent of the old value; null where that is missing or zero
with value as (
    select
        sample.study,
        sample.region,
        sample.base_sample,
        sample.added_source,
        sample.added_edition,
        sample.added_prints,
        derivation.index_id,
        derivation.reference_year,
        derivation.value
    from indices.index_derivation as derivation
    join staging.study_sample as sample
        on sample.study = derivation.study
        and sample.region = derivation.region
        and sample.sample = derivation.sample
    join study.variable as variable
        on variable.study = derivation.study and variable.index_id = derivation.index_id
    where sample.base_sample is not null
)
select
    new.study,
    new.region,
    new.base_sample as sample,
    new.added_source as source,
    new.added_edition as edition,
    new.added_prints as prints,
    new.index_id,
    new.reference_year,
    old.value as old_value,
    new.value as new_value,
    new.value - old.value as change,
    100 * (new.value - old.value) / nullif(abs(old.value), 0) as change_pct
from value as new
join value as old
    on old.study = new.study
    and old.region = new.region
    and old.base_sample = new.base_sample
    and old.index_id = new.index_id
    and old.reference_year = new.reference_year
where
    new.added_source is not null
    and old.added_source is null
    and new.value is distinct from old.value
