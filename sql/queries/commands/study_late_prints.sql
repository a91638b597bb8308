-- Where the first print at hand of a figure is much younger than its year.
-- Grain: one row per sample, indicator and edition; figures: of the sample, late or not.
-- $study; $years_to_print: later than so many years is late; years: ascending.
with figure as (
    select distinct sample, sample_order, region, indicator, definition, input_year, edition
    from indices.index_input
    join study.sample using (study, region, sample)
    where study = $study and choose = 'first_printed'
)
select
    sample,
    indicator,
    edition,
    list(distinct input_year order by input_year) as years,
    count(*) as late_figures,
    (select count(*) from figure as own where own.sample = figure.sample) as figures
from figure
where edition > input_year + $years_to_print
group by sample, sample_order, indicator, edition
order by sample_order, indicator, edition
