-- The printed figures that each index value was made from: what `where-from` shows.
-- Grain: one row per study, region, sample, index_id, reference_year, indicator, definition and
--     input_year.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample
-- index_id: PI, AIG, IM, CEI, aEDI, EG or an index of the study's own
-- reference_year: year of the index value
-- indicator: what the printed figure is
-- definition: own, or the other definition of the indicator that it counts by
-- input_year: year the printed figure is about
-- value: value of the printed figure in its canonical unit
-- unit: canonical unit
-- source: who printed it
-- edition: year it was printed
-- quality: published, derived or recovered
-- print_status: final, revised, provisional, estimated or forecast
with from_cell as (
    select
        derivation.study,
        derivation.region,
        derivation.sample,
        derivation.index_id,
        derivation.reference_year,
        cell.indicator,
        cell.definition,
        cell.reference_year as input_year,
        cell.value,
        cell.unit,
        cell.source,
        cell.edition,
        cell.quality,
        cell.print_status
    from indices.index_derivation as derivation
    join staging.index_role as made
        on made.index_id = derivation.index_id and made.status = derivation.status
    join staging.study_cell as cell
        on cell.study = derivation.study
        and cell.region = derivation.region
        and cell.sample = derivation.sample
        and cell.role = made.role
        and cell.reference_year = derivation.reference_year
),
from_formula as (
    select
        cell.study,
        cell.region,
        cell.sample,
        cell.index_id,
        cell.reference_year,
        cell.indicator,
        cell.definition,
        cell.reference_year as input_year,
        cell.value,
        cell.unit,
        cell.source,
        cell.edition,
        cell.quality,
        cell.print_status
    from staging.formula_cell as cell
    join indices.formula_index as derivation
        using (study, region, sample, index_id, reference_year)
    where derivation.status = 'computed'
),
from_parts as (
    -- a computed aEDI has the inputs of its IM and its CEI
    select
        aedi.study,
        aedi.region,
        aedi.sample,
        aedi.index_id,
        aedi.reference_year,
        part.indicator,
        part.definition,
        part.input_year,
        part.value,
        part.unit,
        part.source,
        part.edition,
        part.quality,
        part.print_status
    from indices.index_derivation as aedi
    join from_cell as part
        on part.study = aedi.study
        and part.region = aedi.region
        and part.sample = aedi.sample
        and part.reference_year = aedi.reference_year
    where aedi.index_id = 'aEDI' and aedi.status = 'computed' and part.index_id in ('IM', 'CEI')
),
from_growth as (
    select
        pair.study,
        pair.region,
        pair.sample,
        'AIG' as index_id,
        pair.reference_year,
        print.indicator,
        print.definition,
        print.reference_year as input_year,
        print.value,
        print.unit,
        print.source,
        print.edition,
        print.quality,
        print.print_status
    from staging.agricultural_income_growth_pair as pair
    join indices.agricultural_income_growth as growth
        on growth.study = pair.study
        and growth.region = pair.region
        and growth.sample = pair.sample
        and growth.reference_year = pair.reference_year
    join staging.print_choice as print
        on print.study = pair.study
        and print.region = pair.region
        and print.sample = pair.sample
        and print.source = pair.source
        and print.edition = pair.edition
        and print.reference_year in (
            pair.reference_year, pair.reference_year - 1, pair.overlap_year
        )
    join study.role_indicator as input
        on input.study = print.study and input.indicator = print.indicator
    where
        growth.status in ('computed', 'bridged')
        and case
            -- of a share the definition is 'share x product'
            when pair.from_share and input.role in ('agricultural_income_share', 'gross_product')
                then print.definition = string_split(
                    case when print.reference_year = pair.reference_year
                        then pair.definition else pair.definition_before end, ' x '
                )[case input.role when 'gross_product' then 2 else 1 end]
            when not pair.from_share and input.role = 'agricultural_income'
                then
                    (print.reference_year = pair.reference_year
                        and print.definition = pair.definition)
                    or (print.reference_year = pair.reference_year - 1
                        and print.definition = pair.definition_before)
                    or (print.reference_year = pair.overlap_year
                        and print.definition in (pair.definition, pair.definition_before))
            else false
        end
)
select
    study, region, sample, index_id, reference_year, indicator, definition, input_year, value, unit,
    source, edition, quality, print_status
from from_cell
union
select
    study, region, sample, index_id, reference_year, indicator, definition, input_year, value, unit,
    source, edition, quality, print_status
from from_parts
union
select
    study, region, sample, index_id, reference_year, indicator, definition, input_year, value, unit,
    source, edition, quality, print_status
from from_growth
union
select
    study, region, sample, index_id, reference_year, indicator, definition, input_year, value, unit,
    source, edition, quality, print_status
from from_formula
