-- The kept files of the data sets in force, which were verified one by one.
-- Grain: one row per data set and file.
select
    file.contract,
    file.sha256,
    file.rows,
    file.file,
    file.dataset,
    dataset.content_sha256
from raw.town_file as file
join raw.town_dataset as dataset using (dataset)
