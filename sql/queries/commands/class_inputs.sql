-- Values of the table of poverty in classes with what is printed behind them: a class, or a number.
-- Grain: one row per column, region and year; none where provinces.poverty_class has no such row.
-- $columns: their names; $regions: codes, null for all; $first, $last: years.
-- table_value, meaning: of the column itself, null where the end is open; low, high: ends in unit,
-- null where open; for a number both are it.
with asked as (
    select region, reference_year, column_name, table_value
    from provinces.poverty_class
    unpivot include nulls (
        table_value for column_name in (
            low_pct, high_pct, log_incidence_low, log_incidence_high
        )
    )
    where coalesce(list_contains($regions, region), true)
        and reference_year between $first and $last
),
printed as (
    select
        class.region,
        class.reference_year,
        coalesce(point.source, class.source) as source,
        coalesce(point.edition, class.edition) as edition,
        class.indicator,
        class.definition,
        point.value
    from staging.interval_print as class
    left join latest.figure as point
        on point.region = class.region
        and point.indicator = class.indicator
        and point.reference_year = class.reference_year
        and point.definition = 'own'
    where class.indicator = 'poverty_incidence' and class.definition = 'own'
),
figure as (
    select
        source, edition, region, indicator, definition, reference_year, low, high, unit, quality,
        status, printed_value, printed_label, printed_unit, file, document_sha256, table_number,
        sheet, cell, note, true as is_class
    from raw.interval
    union all
    select
        source, edition, region, indicator, definition, reference_year, value, value, unit, quality,
        status, printed_value, printed_label, printed_unit, file, document_sha256, table_number,
        sheet, cell, note, false
    from raw.observation
)
select
    asked.region,
    asked.column_name,
    asked.table_value,
    described.comment as meaning,
    figure.indicator,
    figure.definition,
    figure.reference_year as input_year,
    figure.is_class,
    figure.low,
    figure.high,
    figure.unit,
    figure.printed_value,
    figure.printed_label,
    figure.printed_unit,
    figure.quality,
    figure.status,
    figure.edition,
    figure.table_number,
    figure.sheet,
    figure.cell,
    figure.file,
    figure.document_sha256,
    figure.note,
    document.title,
    document.publisher,
    document.url,
    document.retyped
from asked
join printed using (region, reference_year)
join figure
    on figure.source = printed.source
    and figure.edition = printed.edition
    and figure.region = printed.region
    and figure.indicator = printed.indicator
    and figure.definition = printed.definition
    and figure.reference_year = printed.reference_year
    and figure.is_class = (printed.value is null)
join raw.document as document
    on document.source = figure.source and document.edition = figure.edition
left join duckdb_columns() as described
    on described.schema_name = 'provinces'
    and described.table_name = 'poverty_class'
    and described.column_name = asked.column_name
where list_contains($columns, asked.column_name)
order by asked.column_name, asked.region, asked.reference_year
