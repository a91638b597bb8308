-- Which roles each index that every study may use is made of: the one list of them.
-- Grain: one row per index_id and role.
-- index_id: PI, AIG, IM, CEI or EG; aEDI is made of IM and CEI, and has here what prints it
-- role: role in an index formula
-- status: of the value made of it: computed from figures of its year, reported as an index, or pair,
--     of two years from one edition (staging.agricultural_income_growth_pair)
select index_id, role, status
from (
    values
        ('PI', 'poor_persons', 'computed'),
        ('PI', 'persons_counted', 'computed'),
        ('AIG', 'agricultural_income', 'pair'),
        ('AIG', 'agricultural_income_share', 'pair'),
        ('IM', 'ecommerce_transaction_value', 'computed'),
        ('IM', 'gross_product', 'computed'),
        ('CEI', 'online_shopping_consumption', 'computed'),
        ('CEI', 'population_year_end', 'computed'),
        ('CEI', 'disposable_income_per_head', 'computed'),
        ('EG', 'gross_product', 'computed'),
        ('EG', 'population_year_end', 'computed'),
        ('PI', 'reported_PI', 'reported'),
        ('AIG', 'reported_AIG', 'reported'),
        ('IM', 'reported_IM', 'reported'),
        ('CEI', 'reported_CEI', 'reported'),
        ('aEDI', 'reported_aEDI', 'reported'),
        ('EG', 'reported_EG', 'reported')
) as made (index_id, role, status)
-- Of no study there is no index; and what reads nothing would never be asked for by automation.
where exists (select 1 from study.role_indicator)
