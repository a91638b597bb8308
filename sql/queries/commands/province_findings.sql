-- Claims of He's paper put to rural income in 31 provinces, each with its verdict.
-- Grain: one row per claim and part.
-- $vintage, $study.
select claim, part, text, term, n, estimate, low, high, detectable, verdict, sentence
from model.province_finding
where vintage = $vintage and study = $study
order by claim = 'A7' desc, claim, part = 'income' desc, part
