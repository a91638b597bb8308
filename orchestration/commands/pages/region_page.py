"""The page of a study over several regions: one line a region, and the panel where there is one.

Belongs here: laying out what the warehouse holds of such a study. Not here: the page of one region
(study_tables.py), new numbers.
"""

from collections.abc import Sequence

from assets.vintages.keys import PANEL
from orchestration.commands.pages.page import Query, StudyPage, Table, number


def regions_page(query: Query, study: str, vintage: str, heading: str) -> StudyPage:
    """The page of one study at one vintage, read through `query` from the published warehouse."""
    place = [study, vintage]
    return StudyPage(
        heading=heading,
        lines=tuple(_count_lines(query, place)),
        tables=tuple(
            table
            for table in (
                *(_slopes(query, place, estimator) for estimator in ("ols", "ridge")),
                _panel(query, place),
                *_index_tables(query, place),
            )
            if table.rows
        ),
        closing=tuple(_panel_verdicts(query, place)),
    )


def _count_lines(query: Query, place: Sequence[object]) -> list[str]:
    """How many regions were fitted, and why each other one was not."""
    fits = query(
        "select distinct sample, region, status, reason from model.fit "
        "where study = ? and vintage = ? order by all",
        place,
    )
    lines = []
    for sample in dict.fromkeys(row[0] for row in fits):
        own = [row for row in fits if row[0] == sample]
        without = [row for row in own if row[2] != "fitted"]
        lines.append(f"Sample {sample}: {len(own) - len(without)} of {len(own)} fitted.")
        lines += [f"    {region} {status}: {reason}" for _, region, status, reason in without]
    return lines


def _slopes(query: Query, place: Sequence[object], estimator: str) -> Table:
    """One line a region and sample: its slopes with stars, R² and n."""
    rows = query(
        "select region, sample, term, coefficient, stars, n, r2 from model.coefficient "
        "join model.fit using (vintage, study, region, sample, estimator) "
        "join study.sample using (study, region, sample) "
        "where study = ? and vintage = ? and estimator = ? and term <> 'const' "
        "order by region, sample_order, term_order",
        [*place, estimator],
    )
    terms = tuple(dict.fromkeys(row[2] for row in rows))
    lines: dict[tuple[str, str, str, str], dict[str, str]] = {}
    for region, sample, term, slope, stars, n, r2 in rows:
        own = lines.setdefault((region, sample, str(n), number(r2)), {})
        own[term] = f"{number(slope)}{stars}"
    return Table(
        f"{'OLS' if estimator == 'ols' else 'Ridge'}, slopes on min-max normalised variables",
        ("region", "sample", "n", "R²", *terms),
        tuple((*key, *(own.get(term, "") for term in terms)) for key, own in lines.items()),
    )


def _panel(query: Query, place: Sequence[object]) -> Table:
    rows = query(
        "select sample, term, coefficient, std_error, t, p, stars from model.coefficient "
        "where study = ? and vintage = ? and region = ? order by sample, term_order",
        [*place, PANEL],
    )
    return Table(
        "Panel with region and year effects, standard errors clustered by region (own units)",
        ("sample", "term", "coefficient", "std. error", "t", "p", ""),
        tuple(
            (sample, term, f"{slope:.6g}", f"{error:.4g}", number(t), number(p), stars)
            for sample, term, slope, error, t, p, stars in rows
        ),
    )


def _panel_verdicts(query: Query, place: Sequence[object]) -> list[str]:
    rows = query(
        "select sample, n, equation, verdict from model.fit "
        "where study = ? and vintage = ? and region = ? and status = 'fitted' order by sample",
        [*place, PANEL],
    )
    return [
        line
        for sample, n, equation, verdict in rows
        for line in (f"{sample}, panel of {n} observations: {equation}", f"    {verdict}")
    ]


def _index_tables(query: Query, place: Sequence[object]) -> list[Table]:
    """A study without a model shows its indices: one line a region, one column a year."""
    study, vintage = place
    if query("select 1 from model.fit where study = ? and vintage = ? limit 1", [study, vintage]):
        return []
    rows = query(
        "select index_id, unit, sample, region, list(value order by reference_year), "
        "list(reference_year order by reference_year) from indices.index_value where study = ? "
        "group by index_id, unit, sample, sample_order, region "
        "order by index_id, sample_order, region",
        [study],
    )
    tables = []
    for index_id, unit, sample in dict.fromkeys(row[:3] for row in rows):
        own = [row for row in rows if row[:3] == (index_id, unit, sample)]
        years = tuple(map(str, own[0][5]))
        lines = tuple((row[3], *map(number, row[4])) for row in own)
        tables.append(Table(f"{index_id}, {unit}, sample {sample}", ("region", *years), lines))
    return tables
