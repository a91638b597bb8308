-- Files of orders of each data set that is added up here.
-- Grain: one row per dataset; files: names, in order of name.
select dataset_.dataset, dataset_.content_sha256, list(file.file order by file.file) as files
from raw.town_file as file
join raw.town_dataset as dataset_ on dataset_.dataset = file.dataset
where file.contract = 'order' and dataset_.engine <> 'spark'
group by dataset_.dataset, dataset_.content_sha256
order by all
