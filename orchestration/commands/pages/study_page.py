"""The studies' results as readable tables: the paper's Tables 2 to 6 for every sample.

Belongs here: laying out what the warehouse holds. Not here: new numbers, and drawing.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from orchestration.commands.pages.page import Query, Rows, StudyPage, Table, number
from orchestration.commands.pages.region_page import regions_page

QUALITY_NOTE = {
    "published": "official figures as published",
    "derived": "published figures, some derived from printed ones",
    "recovered": (
        "RECOVERED sample: computed from a paper's tables, not official data; its years are only "
        "an order of rows, so nothing that rests on time is known"
    ),
    "none": "no data",
}

YEARS_TO_FIRST_PRINT = 2  # a year's figures are first printed in the year after, or the next


def study_page(query: Query, study: str, vintage: str) -> StudyPage:
    """The page of one study at one vintage, read through `query` from the published warehouse."""
    samples = query(
        "select sample, region, title, first_year, last_year from study.sample where study = ? "
        "order by sample_order",
        [study],
    )
    _, region, title, first, last = samples[0]
    places = len({place for _, place, *_ in samples})
    if places > 1:
        heading = f"{study}: {title} ({places} regions, {first}-{last})"
        return regions_page(query, study, vintage, heading)
    fits = query(
        "select sample, estimator, status, reason, n, years, quality, equation, verdict, "
        "convention, ridge_k from model.fit join study.sample using (study, region, sample) "
        "where study = ? and vintage = ? order by sample_order, estimator",
        [study, vintage],
    )
    return StudyPage(
        heading=f"{study}: {title} (region {region}, {first}-{last})",
        lines=(
            *_sample_lines(fits),
            *_missing_lines(query, study),
            *_late_print_lines(query, study),
        ),
        tables=(*_fit_tables(query, study, vintage), *_index_tables(query, study, fits)),
        closing=(
            *_equations(fits),
            *sign_changes(_coefficients(query, study, vintage)),
            *_robustness_lines(query, study, vintage),
            *_backtest_lines(query, study, vintage),
            *_printed_lines(query, study, vintage),
        ),
    )


def _sample_lines(fits: Rows) -> list[str]:
    lines = []
    for sample, estimator, status, reason, n, years, quality, *_ in fits:
        if estimator != "ols":
            continue
        if status == "fitted":
            used = year_ranges([int(year) for year in years.split(", ")])
            lines.append(f"Sample {sample}: n = {n} ({used}); {QUALITY_NOTE[quality]}.")
        else:
            lines.append(f"Sample {sample}: NOT FITTED. {reason}")
    return lines


def _missing_lines(query: Query, study: str) -> list[str]:
    rows = query(
        "select sample, index_id, list(reference_year order by reference_year), "
        "count(*), (select last_year - first_year + 1 from study.sample as s "
        "where s.study = v.study and s.region = v.region and s.sample = v.sample) "
        "from indices.index_value as v where study = ? and status = 'missing' "
        "group by study, region, sample, sample_order, index_id order by sample_order, index_id",
        [study],
    )
    return [
        f"Sample {sample}: no {index_id} for "
        f"{'any year' if count == total else year_ranges(years)}."
        for sample, index_id, years, count, total in rows
    ]


def _late_print_lines(query: Query, study: str) -> list[str]:
    """Where the first print at hand is much younger than its year, it is hardly the first one."""
    rows = query(
        "select sample, indicator, edition, list(distinct input_year order by input_year) "
        "from indices.index_input join study.sample using (study, region, sample) "
        "where study = ? and choose = 'first_printed' and edition > input_year + ? "
        "group by sample, sample_order, indicator, edition "
        "order by sample_order, indicator, edition",
        [study, YEARS_TO_FIRST_PRINT],
    )
    cells: dict[str, list[str]] = {}
    for sample, indicator, edition, years in rows:
        cells.setdefault(sample, []).append(f"{indicator} {year_ranges(years)} (edition {edition})")
    return [
        f"Sample {sample}: the earliest print at hand may be a revised one for {', '.join(found)}."
        for sample, found in cells.items()
    ]


def year_ranges(years: Sequence[int]) -> str:
    """Ascending years as ranges: 2012-2015, 2019."""
    ranges: list[list[int]] = []
    for year in years:
        if ranges and year == ranges[-1][-1] + 1:
            ranges[-1].append(year)
        else:
            ranges.append([year])
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}-{r[-1]}" for r in ranges)


def _fit_tables(query: Query, study: str, vintage: str) -> list[Table]:
    place = [study, vintage]
    tables = (
        Table(
            "Table 2. Descriptive statistics (before normalisation)",
            ("sample", "variable", "min", "max", "mean", "sd"),
            _pivot(query, place, "descriptive", ("min", "max", "mean", "sd")),
        ),
        Table(
            "Table 3. Pearson correlations (*** 1 %, ** 5 %, * 10 %, two-sided)",
            ("sample", "pair", "r", "p"),
            _correlations(query, place),
        ),
        Table(
            "Table 4. OLS, model summary",
            ("sample", "R", "R²", "adjusted R²", "F", "p", "n", "df"),
            _summaries(query, place, "ols"),
        ),
        Table(
            "Table 5. OLS on min-max normalised variables",
            ("sample", "term", "coefficient", "std. error", "t", "p", "", "VIF"),
            _terms(query, place, "ols"),
        ),
        Table(
            "Table 6. Ridge on min-max normalised variables (p-values are not valid tests)",
            ("sample", "term", "coefficient", "std. error", "t", "p", "", "VIF(K)"),
            _terms(query, place, "ridge"),
        ),
        Table(
            "Table 6, summary",
            ("sample", "R", "R²", "adjusted R²", "F", "p", "n", "df"),
            _summaries(query, place, "ridge"),
        ),
    )
    return [table for table in tables if table.rows]


def _index_tables(query: Query, study: str, fits: Rows) -> list[Table]:
    """A study without a model shows its indices, one column a sample."""
    if fits:
        return []
    rows = query(
        "select index_id, unit, reference_year, list(value order by sample_order), "
        "list(sample order by sample_order) from indices.index_value where study = ? "
        "group by index_id, unit, reference_year order by index_id, reference_year",
        [study],
    )
    samples = tuple(rows[0][4]) if rows else ()
    return [
        Table(
            "Index values",
            ("index", "unit", "year", *samples),
            tuple(
                (index, unit, str(year), *map(number, values))
                for index, unit, year, values, _ in rows
            ),
        )
    ]


def _pivot(
    query: Query, place: Sequence[object], kind: str, statistics: tuple[str, ...]
) -> tuple[tuple[str, ...], ...]:
    columns = ", ".join(f"max(value) filter (where statistic = '{name}')" for name in statistics)
    rows = query(
        f"select sample, variable, {columns} from model.diagnostic "
        "join study.sample using (study, region, sample) "
        "join study.variable as v on v.study = diagnostic.study and v.index_id = variable "
        "where diagnostic.study = ? and vintage = ? and kind = ? "
        "group by sample, sample_order, variable, variable_order "
        "order by sample_order, variable_order",
        [*place, kind],
    )
    return tuple((sample, name, *(number(v, 4) for v in values)) for sample, name, *values in rows)


def _correlations(query: Query, place: Sequence[object]) -> tuple[tuple[str, ...], ...]:
    rows = query(
        "select sample, variable || '–' || other_variable, stars, "
        "max(value) filter (where statistic = 'r'), max(value) filter (where statistic = 'p') "
        "from model.diagnostic join study.sample using (study, region, sample) "
        "where study = ? and vintage = ? and kind = 'correlation' "
        "group by sample, sample_order, variable, other_variable, stars "
        "order by sample_order, variable, other_variable",
        place,
    )
    return tuple((s, pair, f"{number(r)}{stars}", number(p)) for s, pair, stars, r, p in rows)


def _summaries(
    query: Query, place: Sequence[object], estimator: str
) -> tuple[tuple[str, ...], ...]:
    rows = query(
        "select sample, r, r2, adjusted_r2, f, f_p, n, df_residual from model.fit "
        "join study.sample using (study, region, sample) "
        "where study = ? and vintage = ? and estimator = ? and status = 'fitted' "
        "order by sample_order",
        [*place, estimator],
    )
    return tuple(
        (sample, *map(number, values), str(n), number(df, 0)) for sample, *values, n, df in rows
    )


def _terms(query: Query, place: Sequence[object], estimator: str) -> tuple[tuple[str, ...], ...]:
    rows = query(
        "select sample, term, coefficient, std_error, t, p, stars, vif from model.coefficient "
        "join study.sample using (study, region, sample) "
        "where study = ? and vintage = ? and estimator = ? order by sample_order, term_order",
        [*place, estimator],
    )
    return tuple(
        (sample, term, *map(number, values), stars, number(vif))
        for sample, term, *values, stars, vif in rows
    )


def _equations(fits: Rows) -> list[str]:
    lines = []
    for sample, estimator, status, _, _, _, _, equation, verdict, convention, k in fits:
        if status == "fitted":
            name = "OLS" if estimator == "ols" else f"Ridge (K = {k:g}, {convention} convention)"
            lines += [f"{sample}, {name}: {equation}", f"    {verdict}"]
    return lines


def _coefficients(query: Query, study: str, vintage: str) -> Rows:
    return query(
        "select estimator, term, sample, coefficient from model.coefficient "
        "join study.sample using (study, region, sample) "
        "where study = ? and vintage = ? and term <> 'const' "
        "order by estimator, term_order, sample_order",
        [study, vintage],
    )


def sign_changes(coefficients: Iterable[tuple[str, str, str, float]]) -> list[str]:
    """In words: which coefficients change sign between the samples of a study, which keep it.

    coefficients: (estimator, term, sample, coefficient), samples in the study's order.
    """
    by_estimator: dict[str, dict[str, dict[str, float]]] = {}
    for estimator, term, sample, value in coefficients:
        by_estimator.setdefault(estimator, {}).setdefault(term, {})[sample] = value
    lines = []
    for estimator, terms in by_estimator.items():
        if all(len(values) < 2 for values in terms.values()):
            continue
        changed = [
            f"{term} ({', '.join(f'{number(v)} in {sample}' for sample, v in values.items())})"
            for term, values in terms.items()
            if len({value > 0 for value in values.values()}) > 1
        ]
        kept = [
            term for term, values in terms.items() if len({v > 0 for v in values.values()}) == 1
        ]
        name = "OLS" if estimator == "ols" else "Ridge"
        if not changed:
            lines.append(f"{name}: no coefficient changes sign between the samples.")
            continue
        same = f"; it stays the same for {', '.join(kept)}" if kept else ""
        lines.append(f"{name}: the sign changes between samples for {'; '.join(changed)}{same}.")
    return lines


def _robustness_lines(query: Query, study: str, vintage: str) -> list[str]:
    rows = query(
        "select sample, text from model.robustness join study.sample using (study, region, sample) "
        "left join study.variable as v on v.study = robustness.study and v.index_id = term "
        "where robustness.study = ? and vintage = ? and method = 'sentence' "
        "order by sample_order, variable_order nulls first",
        [study, vintage],
    )
    samples = dict.fromkeys(sample for sample, _ in rows)
    return [
        line
        for name in samples
        for line in (
            f"What survives, sample {name}:",
            *(f"    {text}" for sample, text in rows if sample == name),
        )
    ]


def _backtest_lines(query: Query, study: str, vintage: str) -> list[str]:
    """One line for each year that the model could predict; a straight line needs no model."""
    rows = query(
        "select region, variable, predicted_year, estimator, known_by, n, later_prints, "
        "values_used, predicted, low, high, actual, error_over_last_value, error_over_trend "
        "from model.backtest where study = ? and vintage = ? and status = 'predicted' "
        "and estimator in ('ols', 'ridge') order by region, known_by, estimator",
        [study, vintage],
    )
    head = "Backtest: the next year from what was known, given its regressors as first printed:"
    return [head, *map(_backtest_line, rows)] if rows else []


def _backtest_line(row: tuple[Any, ...]) -> str:
    region, variable, year, estimator, edition, n, later, used, *values = row
    predicted, low, high, actual, over_last, over_trend = (number(value) for value in values)
    name = "OLS" if estimator == "ols" else "ridge"
    interval = f" ({low} to {high})" if low else ""
    naive = ((over_last, "of the last value"), (over_trend, "of a straight line"))
    ratios = " and ".join(f"{ratio} times that {of}" for ratio, of in naive if ratio)
    return (
        f"    {region}, {variable} {year} by {name} on {n} years known by {edition} ({later} "
        f"of {used} values from later prints): {predicted}{interval}, first printed {actual}; "
        f"the error is {ratios}."
    )


def _printed_lines(query: Query, study: str, vintage: str) -> list[str]:
    rows = query(
        "select table_number, term, other_term, statistic, printed_value, computed, agrees, cell "
        "from model.printed_comparison where study = ? and vintage = ? "
        "order by table_number, cell",
        [study, vintage],
    )
    if not rows:
        return []
    lost = [row for row in rows if row[6] is None]
    differing = [row for row in rows if row[6] is False]
    lines = [
        f"Of {len(rows)} numbers printed in the paper, {len(rows) - len(differing) - len(lost)} "
        f"agree within half a unit of their last digit; {len(differing)} differ:"
    ]
    for table, term, other, statistic, printed, computed, _, cell in differing:
        what = " ".join(filter(None, (statistic, "of" if term else "", term, other)))
        lines.append(
            f"    Table {table}, {what}: printed {printed}, computed {computed:.6f} ({cell})"
        )
    if lost:
        cells = ", ".join(row[7] for row in lost)
        lines.append(f"    {len(lost)} have no counterpart in the fit; check their labels: {cells}")
    return lines
