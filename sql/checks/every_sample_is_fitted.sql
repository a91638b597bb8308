-- Whether a fit failed, or a region of a study over several was refused.
-- Check on: model.fit
-- Grain: one row per sample that failed, and per refused one among fitted ones.
-- Severity: warning
-- Message: {rows} {sample|samples} without a fit; the others have theirs.
select distinct study, region, sample, status, reason
from model.fit
where
    vintage = $vintage
    and (
        status = 'failed'
        -- A study of one region says on its own page that it was refused, as it may be for years.
        or (
            status = 'refused'
            and study in (
                select study from study.sample group by study having count(distinct region) > 1
            )
        )
    )
order by all
