-- How many documents and figures are taken, and how much of a vintage failed or drifted.
-- Grain: one row.
-- $vintage; revised: figures that what came in with it prints otherwise; gaps: results that were to be computed and were not; failed: of these, by a fault.
select
    (select count(*) from raw.document where withdrawn is null) as documents_in,
    (
        select cast(sum(observations) as bigint) from raw.document where withdrawn is null
    ) as figures,
    (
        select cast(coalesce(sum(observations), 0) as bigint)
        from raw.document
        where withdrawn is null and retyped
    ) as retyped_figures,
    (select count(*) from release.revision where is_new) as revised,
    (select count(*) from model.failure where vintage = $vintage) as gaps,
    (
        select count(*) from model.failure where vintage = $vintage and status = 'failed'
    ) as failed,
    (select count(*) from model.drift where vintage = $vintage and drift <> '') as drifted
