-- Figures behind a study's indices whose print does not pass for final. Recovered figures are left
-- out: the page says of their sample that they are no official data.
-- Grain: one row per region, sample, print_status, indicator and edition.
-- $study; years: ascending.
select
    region,
    sample,
    print_status,
    indicator,
    edition,
    list(distinct input_year order by input_year) as years
from indices.index_input
join study.sample using (study, region, sample)
where study = $study and print_status <> 'final' and quality <> 'recovered'
group by region, sample, sample_order, print_status, indicator, edition
order by region, sample_order, print_status, indicator, edition
