-- What to say of a role in an index formula for which a year has no figure: that nobody printed it,
-- or that the study names no indicator for it.
-- Grain: one row per study and role.
-- study: name of the study
-- role: role in an index formula
-- gap: in words, to go before `for <year>`
with role (role, spelled) as (
    values
        ('poor_persons', 'poor persons'),
        ('persons_counted', 'persons counted'),
        ('agricultural_income', 'agricultural income'),
        ('ecommerce_transaction_value', 'e-commerce transaction value'),
        ('gross_product', 'gross product'),
        ('online_shopping_consumption', 'online shopping consumption'),
        ('population_year_end', 'year-end population'),
        ('disposable_income_per_head', 'disposable income per head'),
        ('reported_PI', 'poverty incidence')
)
select
    study.study,
    role.role,
    case
        when exists (
            select 1
            from study.role_indicator as input
            where input.study = study.study
                and (
                    input.role = role.role
                    or (
                        role.role = 'agricultural_income'
                        and input.role = 'agricultural_income_share' -- of gross product
                    )
                )
        ) then 'no print of ' || role.spelled
        else 'the study names no indicator in the role ' || role.role
    end as gap
from (select distinct study from study.sample) as study
cross join role
