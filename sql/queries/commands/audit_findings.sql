-- What the audit found in the printed tables of papers; what is consistent comes last.
-- Grain: one row per source, edition, rule and printed number.
-- $vintage.
select
    source,
    edition,
    rule,
    table_number,
    cell,
    term,
    other_term,
    statistic,
    printed_value,
    expected,
    low,
    high,
    verdict,
    consequence
from model.audit_finding
where vintage = $vintage
order by
    source,
    edition,
    list_position(['inconsistent', 'conditional', 'not_determinable', 'consistent'], verdict),
    table_number,
    cell,
    rule
