-- Which documents and data sets were taken in, and what each said.
-- Grain: one row per document (`source/edition`) and data set (`towns/<dataset>`). No parameters.
select source || '/' || cast(edition as varchar) as document, content_sha256 from raw.document
union all
select 'towns/' || dataset, content_sha256 from raw.town_dataset
order by document
