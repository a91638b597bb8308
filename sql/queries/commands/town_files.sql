-- The files of a data set of towns, which its results rest on.
-- Grain: one row per file. $dataset; records: rows of it.
select
    file.file,
    file.contract,
    file.rows as records,
    file.sha256,
    dataset.title,
    dataset.publisher
from raw.town_file as file
join raw.town_dataset as dataset using (dataset)
where dataset = $dataset
order by file.file
