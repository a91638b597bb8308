-- Whether a province has more poor counties than the year before: a county that left the list
-- stays off it.
-- Check on: provinces.poor_county
-- Grain: one row per region and reference_year with more than before, or more than were listed.
-- Severity: warning
-- Message: {rows} {count|counts} of poor counties where they rise; a figure is wrong, or two sources are mixed.
select region, reference_year, remaining, at_risk, listed
from provinces.poor_county
where left_list < 0 or remaining > listed
order by all
