-- What each of the Parquet files $files says of itself.
-- Grain: one row per file.
-- rows: number of records; columns: name and type of each, in order of name.
with described as (
    select file_name, list(name || ' ' || duckdb_type order by name, duckdb_type) as columns
    from parquet_schema($files)
    where column_id > 0
    group by file_name
)
select file_name, file.num_rows as rows, described.columns
from parquet_file_metadata($files) as file
join described using (file_name)
