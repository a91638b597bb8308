-- Published studies that are computed again, each with its printed numbers by verdict.
-- Grain: one row per study. $vintage; title: null for a study of before that is not in any more;
-- is_recovered: true where a document it takes figures of was recovered from printed tables.
select
    comparison.study,
    any_value(replication.title) as title,
    coalesce(bool_or(exists (
        select 1
        from raw.document as document
        where
            document.quality = 'recovered'
            and list_contains(
                replication.contract ->> '$.data.*.document',
                document.source || '/' || document.edition
            )
    )), false) as is_recovered,
    count(*) as printed,
    count(*) filter (comparison.verdict = 'reproduced') as reproduced,
    count(*) filter (comparison.verdict = 'within rounding') as within_rounding,
    count(*) filter (comparison.verdict = 'differs') as differs,
    count(*) filter (comparison.verdict = 'not determinable') as not_determinable
from model.printed_comparison as comparison
left join raw.replication as replication on replication.replication = comparison.study
where comparison.vintage = $vintage
group by comparison.study
order by comparison.study
