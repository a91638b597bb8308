-- What the revisions of single new documents of a vintage moved, the largest move first.
-- Grain: one row per source, edition, study, region, sample, kind, item and reference_year.
-- $vintage; $region: only this one; null for all; $coefficients: coefficients, else index values;
-- moved: per cent of an index value; standard errors of a coefficient.
select
    source || '/' || edition as document,
    study,
    region,
    sample,
    kind,
    item,
    reference_year,
    n_before,
    n,
    old_value,
    new_value,
    coalesce(change_pct, change_std_errors) as moved
from model.revision_effect
where
    vintage = $vintage
    and region = coalesce($region, region)
    and prints = 'revised'
    and (kind <> 'index') = $coefficients
order by
    abs(moved) desc nulls last, document, study, region, sample, kind, item, reference_year
