-- Numbers that a study printed, with what became of each when it was computed again.
-- Grain: one row per printed number.
-- $study, $vintage; agrees: null where no step gives the number; reason: empty where none is known.
select
    table_number,
    cell,
    step,
    term,
    other_term,
    statistic,
    printed_value,
    computed,
    agrees,
    verdict,
    reason
from model.printed_comparison
where study = $study and vintage = $vintage
order by table_number, cell, step, term, statistic
