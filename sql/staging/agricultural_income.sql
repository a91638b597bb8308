-- Agricultural income by edition: as printed, or the printed share of agriculture times the gross
-- product of the same source and edition.
-- May be empty, where no study has figures of it.
-- Grain: one row per study, region, sample, source, edition, indicator, definition and
--     reference_year.
-- study: name of the study
-- region: ISO code of the region
-- sample: name of the sample
-- source: who printed the figures
-- edition: year they were printed
-- indicator: what is printed: the income, or the share
-- definition: by which it counts; of a share also that of the gross product, as share x product
-- definition_name: the same in words; null where the indicators have one definition
-- reference_year: year the figures are about
-- income_100m_cny: agricultural income, 100 million yuan, current prices
-- from_share: true where it is share times gross product
-- quality: published, or derived where computed from the share
-- is_later_print: true for a print after the edition by which the sample was known
-- choice_rank: rank of the print in the sample's order of precedence
with figure as (
    select
        choice.study,
        choice.region,
        choice.sample,
        choice.source,
        choice.edition,
        choice.indicator,
        choice.definition,
        definition.name_en as definition_name,
        choice.reference_year,
        input.role,
        choice.value,
        choice.quality,
        choice.is_later_print,
        choice.choice_rank
    from staging.print_choice as choice
    join study.role_indicator as input
        on input.study = choice.study and input.indicator = choice.indicator
    left join raw.definition as definition
        on definition.indicator = choice.indicator and definition.definition = choice.definition
),
printed as (
    select
        study, region, sample, source, edition, indicator, definition, definition_name,
        reference_year,
        value as income_100m_cny, false as from_share, quality, is_later_print, choice_rank
    from figure
    where role = 'agricultural_income'
),
from_share as (
    select
        share.study, share.region, share.sample, share.source, share.edition, share.indicator,
        share.definition || ' x ' || product.definition as definition,
        concat_ws(
            ', product: ',
            share.definition_name,
            case when product.definition <> 'own' then product.definition_name end
        ) as definition_name,
        share.reference_year,
        share.value / 100 * product.value as income_100m_cny,
        true as from_share,
        'derived' as quality,
        share.is_later_print,
        share.choice_rank
    from figure as share
    join figure as product
        on product.study = share.study
        and product.region = share.region
        and product.sample = share.sample
        and product.source = share.source
        and product.edition = share.edition
        and product.reference_year = share.reference_year
    where share.role = 'agricultural_income_share' and product.role = 'gross_product'
)
select
    study, region, sample, source, edition, indicator, definition, definition_name, reference_year,
    income_100m_cny, from_share, quality, is_later_print, choice_rank
from printed
union all
select
    study, region, sample, source, edition, indicator, definition, definition_name, reference_year,
    income_100m_cny, from_share, quality, is_later_print, choice_rank
from from_share
