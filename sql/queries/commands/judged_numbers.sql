-- Numbers printed in a study's paper, with what became of each when it was computed again.
-- Grain: one row per printed number.
-- $study, $vintage; reason: empty where none follows from the digits.
select
    table_number,
    cell,
    term,
    other_term,
    statistic,
    printed_value,
    computed,
    verdict,
    reason
from model.printed_comparison
where study = $study and vintage = $vintage
order by table_number, cell
