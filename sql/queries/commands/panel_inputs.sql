-- Values of the panel of provinces with every printed figure behind them.
-- Grain: one row per column, region, year of the panel, indicator and year of the figure; none where
-- the panel has no such value.
-- The latest print of each, by the indicator's own definition, as the panel takes it.
-- $columns: their names; $regions: codes, null for all; $first, $last: years of the panel.
-- panel_value, meaning: of the column itself.
with formula (column_name, indicator, years_before) as (
    values
        ('rural_income', 'rural_disposable_income_per_head', 0),
        ('urban', 'disposable_income_per_head', 0),
        ('urban', 'rural_disposable_income_per_head', 0),
        ('urban', 'urban_population', 0),
        ('urban', 'rural_population', 0),
        ('sales', 'enterprise_ecommerce_sales', 0),
        ('im', 'enterprise_ecommerce_sales', 0),
        ('im', 'gross_product', 0),
        ('im_both', 'enterprise_ecommerce_sales', 0),
        ('im_both', 'enterprise_ecommerce_purchases', 0),
        ('im_both', 'gross_product', 0),
        ('gross_output', 'agriculture_gross_output', 0),
        ('primary', 'primary_industry_value_added', 0),
        ('aig_gross_output', 'agriculture_gross_output', 0),
        ('aig_gross_output', 'agriculture_gross_output', 1),
        ('aig_primary', 'primary_industry_value_added', 0),
        ('aig_primary', 'primary_industry_value_added', 1),
        ('eg', 'gross_product', 0),
        ('eg', 'urban_population', 0),
        ('eg', 'rural_population', 0)
),
alike (column_name, as_of_column) as (
    values
        ('rural_income_cny', 'rural_income'),
        ('log_rural_income', 'rural_income'),
        ('urban_income_cny', 'urban'),
        ('urban_rural_ratio', 'urban'),
        ('log_urban_rural_ratio', 'urban'),
        ('ecommerce_sales_100m_cny', 'sales'),
        ('im_sales', 'im'),
        ('log_im', 'im'),
        ('im_sales_and_purchases', 'im_both'),
        ('log_im_with_purchases', 'im_both'),
        ('gross_output_100m_cny', 'gross_output'),
        ('log_gross_output', 'gross_output'),
        ('primary_value_added_100m_cny', 'primary'),
        ('log_primary', 'primary'),
        ('aig_gross_output', 'aig_gross_output'),
        ('aig_primary', 'aig_primary'),
        ('eg_10k_cny', 'eg'),
        ('log_eg', 'eg')
),
panel as (
    unpivot (
        select * exclude (quality, edition_low, edition_high)
        from provinces.province_panel
        where coalesce(list_contains($regions, region), true)
            and reference_year between $first and $last
    )
    on columns(* exclude (region, reference_year))
    into name column_name value panel_value
)
select
    panel.region,
    panel.column_name,
    panel.panel_value,
    described.comment as meaning,
    figure.indicator,
    figure.definition,
    null as definition_name,
    figure.reference_year as input_year,
    figure.value,
    figure.unit,
    figure.printed_value,
    observation.stored_value,
    figure.printed_label,
    figure.printed_unit,
    figure.quality,
    figure.status,
    figure.edition,
    figure.table_number,
    figure.sheet,
    figure.cell,
    figure.file,
    observation.document_sha256,
    figure.note,
    document.title,
    document.publisher,
    document.url,
    document.retyped
from panel
join alike using (column_name)
join formula on formula.column_name = alike.as_of_column
join latest.figure as figure
    on figure.region = panel.region
    and figure.indicator = formula.indicator
    and figure.reference_year = panel.reference_year - formula.years_before
    and figure.definition = 'own'
join raw.observation as observation
    on observation.source = figure.source
    and observation.edition = figure.edition
    and observation.region = figure.region
    and observation.indicator = figure.indicator
    and observation.reference_year = figure.reference_year
    and observation.definition = figure.definition
join raw.document as document
    on document.source = figure.source and document.edition = figure.edition
left join duckdb_columns() as described
    on described.schema_name = 'provinces'
    and described.table_name = 'province_panel'
    and described.column_name = panel.column_name
where list_contains($columns, panel.column_name)
order by
    panel.column_name, panel.region, panel.reference_year, figure.reference_year desc,
    figure.indicator
