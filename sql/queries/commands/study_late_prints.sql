-- Where the first print at hand of a figure is much younger than its year.
-- Grain: one row per sample, indicator and edition.
-- $study; $years_to_print: later than so many years is late; years: ascending.
select
    sample,
    indicator,
    edition,
    list(distinct input_year order by input_year) as years
from indices.index_input
join study.sample using (study, region, sample)
where
    study = $study
    and choose = 'first_printed'
    and edition > input_year + $years_to_print
group by sample, sample_order, indicator, edition
order by sample_order, indicator, edition
