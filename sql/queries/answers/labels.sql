-- What kind of data each study or data set rests on.
-- Grain: one row per study.
select study, label from catalog.study order by study
