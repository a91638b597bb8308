-- The kept files that hold records of $contract, data sets $elsewhere left out.
-- Grain: one row per data set; files in the order of their names.
select
    dataset,
    list(file order by file) as files
from raw.town_file
where contract = $contract and not list_contains($elsewhere, dataset)
group by dataset
order by dataset
