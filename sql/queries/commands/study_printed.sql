-- Numbers printed in a study's paper, beside those computed.
-- Grain: one row per table_number and cell.
-- $study, $vintage; agrees: null where the fit has no counterpart.
select
    table_number,
    term,
    other_term,
    statistic,
    printed_value,
    computed,
    agrees,
    cell
from model.printed_comparison
where study = $study and vintage = $vintage
order by table_number, cell
