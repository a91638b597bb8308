-- What to say of an index value that is missing although a figure it needs is printed as a class: an
-- interval is no point, and none is made of it.
-- May be empty, where no document prints a class.
-- Grain: one row per study, region, index_id and reference_year.
-- study: name of the study
-- region: ISO code of the region
-- index_id: index that needs the figure
-- reference_year: year the class is about
-- gap: in words, with the class and where it stands
with input as (
    select role.study, made.index_id, role.indicator
    from study.role_indicator as role
    join staging.index_role as made using (role)
    union
    select study, index_id, indicator
    from study.formula_input
)
select
    input.study,
    class.region,
    input.index_id,
    class.reference_year,
    string_agg(
        format(
            '{} is printed only as the class {} ({}/{}, cell {}), and no point is made of it',
            class.indicator, class.printed_value, class.source, class.edition, class.cell
        ),
        '; ' order by class.indicator
    ) as gap
from staging.interval_print as class
join input using (indicator)
where class.definition = 'own'
group by input.study, class.region, input.index_id, class.reference_year
