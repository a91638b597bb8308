-- What speaks for or against reading slopes within provinces as effects.
-- Grain: one row per specification, term and test.
-- $vintage, $study.
select specification, term, test, verdict, sentence
from model.province_evidence
where vintage = $vintage and study = $study
order by specification = 'income' desc, specification, term = 'log_im' desc, term, test
