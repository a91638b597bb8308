-- Which of the Parquet files $files of orders tell of the same years, as their statistics say.
-- Grain: one row per first and last year, which are null where a file says neither.
-- files: names; a file without any order is in none.
with years_of_file as (
    select
        file_name,
        year(min(try_cast(stats_min_value as date))) as first_year,
        year(max(try_cast(stats_max_value as date))) as last_year
    from parquet_metadata($files)
    where path_in_schema = 'ordered_on'
    group by file_name
)
select list(file_name order by file_name) as files
from years_of_file
group by first_year, last_year
order by first_year, last_year
