-- Printed totals against the sum of their printed parts, within one print.
-- Grain: one row per rule, source, edition, region and reference_year that prints all of a rule.
-- total, sum_of_parts, gap, rounding, excess: unit of the rule's total (pct where that is 100).
-- rounding: half a unit of every printed number of the row, added; excess: what of the gap is
-- beyond it; gap_share: gap over the total.
-- Only figures by the own definition of each indicator: registered persons are no sum of residents.
-- The provinces are not summed to the nation: the office says of no figure at hand that they meet.
with rule (rule, total_indicator, part_indicator) as (
    values
        ('industries make the product', 'gross_product', 'primary_industry_value_added'),
        ('industries make the product', 'gross_product', 'secondary_industry_value_added'),
        ('industries make the product', 'gross_product', 'tertiary_industry_value_added'),
        ('town and country make the population', 'population_year_end', 'urban_population'),
        ('town and country make the population', 'population_year_end', 'rural_population'),
        ('shares of industries make 100', null, 'primary_industry_share'),
        ('shares of industries make 100', null, 'secondary_industry_share'),
        ('shares of industries make 100', null, 'tertiary_industry_share')
),
rule_size as (
    select rule, any_value(total_indicator) as total_indicator, count(*) as parts
    from rule
    group by rule
),
figure as (
    select source, edition, region, reference_year, indicator, value, half_unit
    from raw.observation
    where quality <> 'recovered' and definition = 'own'
),
summed as (
    select
        rule.rule,
        figure.source,
        figure.edition,
        figure.region,
        figure.reference_year,
        count(*) as parts,
        fsum(figure.value) as sum_of_parts,
        fsum(figure.half_unit) as rounding_of_parts
    from figure
    join rule on rule.part_indicator = figure.indicator
    group by rule.rule, figure.source, figure.edition, figure.region, figure.reference_year
),
compared as (
    select
        summed.rule,
        summed.source,
        summed.edition,
        summed.region,
        summed.reference_year,
        case when rule_size.total_indicator is null then 100 else whole.value end as total_printed,
        summed.sum_of_parts,
        abs(total_printed - summed.sum_of_parts) as gap,
        summed.rounding_of_parts + coalesce(whole.half_unit, 0) as rounding
    from summed
    join rule_size on rule_size.rule = summed.rule and rule_size.parts = summed.parts
    left join figure as whole
        on whole.source = summed.source
        and whole.edition = summed.edition
        and whole.region = summed.region
        and whole.reference_year = summed.reference_year
        and whole.indicator = rule_size.total_indicator
)
select
    rule, source, edition, region, reference_year, total_printed as total, sum_of_parts, gap,
    rounding,
    -- a hair more than the halves, for the rounding of the sums
    case when gap <= rounding * (1 + 1e-9) then 0 else gap - rounding end as excess,
    gap / total_printed as gap_share
from compared
where total_printed is not null
order by rule, source, edition, region, reference_year
