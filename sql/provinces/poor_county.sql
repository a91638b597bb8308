-- How many counties of the national list of poor counties (832 in 22 provinces) each province still
-- has, from the latest print of each figure, beside what it had at the first and at the year before.
-- Exit was decreed: the plan of 2015 set the end of 2020 for all, and provinces applied year by year.
-- Counts of 2015 are the list itself, since no county had left it. The counts of provinces are no
-- official figures but counted by the project, from a list of counties with their years of exit.
-- May be empty, where no document prints the counts of provinces.
-- Grain: one row per region and reference_year.
-- region: ISO code of the province
-- reference_year: year; the count is of its end
-- remaining: counties that had not left the list
-- listed: counties of the first year printed, the denominator of the share; 2015: the whole list
-- at_risk: counties that had not left at the end of the year before, the denominator of the hazard;
--     NULL in the first year
-- left_list: counties that left in the year; NULL in the first year
-- remaining_share: remaining over listed
-- exit_hazard: left_list over at_risk; NULL where none was at risk
-- log_im: natural logarithm of enterprises' e-commerce sales over gross product; NULL: not printed
-- log_im_later: the same five years later, when all counties of the plan had left
-- log_gross_output: of gross output of agriculture, 100 million yuan
-- log_eg: of gross product over residents at the end of the year, 10,000 yuan each
-- log_first_rural_income: of rural income per head in the first year that is printed, yuan
-- quality: published, or derived where a figure behind the row is
-- edition_low: earliest edition behind the row
-- edition_high: latest edition behind the row
with counted as (
    select
        region,
        reference_year,
        value as remaining,
        first_value(value) over years as listed,
        case when lag(reference_year) over years = reference_year - 1
            then lag(value) over years
        end as at_risk,
        quality,
        edition
    from staging.own_print
    where indicator = 'national_poor_counties' and regexp_matches(region, '^CN-[A-Z]+$')
    window years as (partition by region order by reference_year)
),
first_income as (
    select region, arg_min(log_rural_income, reference_year) as log_first_rural_income
    from provinces.province_panel
    group by region
)
select
    counted.region,
    counted.reference_year,
    cast(counted.remaining as bigint) as remaining,
    cast(counted.listed as bigint) as listed,
    cast(counted.at_risk as bigint) as at_risk,
    cast(counted.at_risk - counted.remaining as bigint) as left_list,
    counted.remaining / counted.listed as remaining_share,
    (counted.at_risk - counted.remaining) / nullif(counted.at_risk, 0) as exit_hazard,
    panel.log_im,
    later.log_im as log_im_later,
    panel.log_gross_output,
    panel.log_eg,
    first_income.log_first_rural_income,
    case when 'derived' in (counted.quality, panel.quality)
        then 'derived' else 'published'
    end as quality,
    least(counted.edition, panel.edition_low) as edition_low,
    greatest(counted.edition, panel.edition_high) as edition_high
from counted
left join provinces.province_panel as panel using (region, reference_year)
left join provinces.province_panel as later
    on later.region = counted.region and later.reference_year = counted.reference_year + 5
left join first_income on first_income.region = counted.region
where counted.listed > 0
