"""The studies' results as readable tables: the paper's Tables 2 to 6 for every sample.

Belongs here: laying out what the warehouse holds. Not here: new numbers, and drawing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from assets.extracts.written.year_list import year_ranges
from assets.release.results.study_lines import (
    ESTIMATORS,
    YEARS_TO_FIRST_PRINT,
    CoefficientLine,
    Correlation,
    Descriptive,
    FitLine,
    IndexValueLine,
    LatePrint,
    NotFinalFigures,
    PrintedNumber,
    SampleLine,
    Sentence,
    listed_ranges,
)
from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from orchestration.commands.pages.numbers import number
from orchestration.commands.pages.page import StudyPage
from orchestration.commands.pages.region_page import regions_page
from orchestration.commands.pages.text_table import (
    Shown,
    TextTable,
    named,
    of_first,
    of_row,
    text_table,
)

QUALITY_NOTE = {
    "published": "official figures as published",
    "derived": "published figures, some derived from printed ones",
    "recovered": (
        "RECOVERED sample: computed from a paper's tables, not official data; its years are only "
        "an order of rows, so nothing that rests on time is known"
    ),
    "none": "no data",
}


@dataclass(frozen=True, slots=True)
class _MissingIndex:
    sample: str
    index_id: str
    years: list[int]
    in_every_year: bool


@dataclass(frozen=True, slots=True)
class _Prediction:
    region: str
    variable: str
    predicted_year: int
    estimator: str
    known_by: int
    n: int
    later_prints: int
    values_used: int
    predicted: float
    low: float | None
    high: float | None
    actual: float
    error_over_last_value: float | None
    error_over_trend: float | None


_DESCRIPTIVES: tuple[Shown[Descriptive], ...] = (
    *named("sample", "variable"),
    Shown("min", lambda row: number(row.min, 4)),
    Shown("max", lambda row: number(row.max, 4)),
    Shown("mean", lambda row: number(row.mean, 4)),
    Shown("sd", lambda row: number(row.sd, 4)),
)
_CORRELATIONS: tuple[Shown[Correlation], ...] = (
    *named("sample", "pair"),
    Shown("r", lambda row: f"{number(row.r)}{row.stars}"),
    Shown("p", lambda row: number(row.p)),
)
_SUMMARY: tuple[Shown[FitLine], ...] = (
    *named("sample"),
    Shown("R", lambda fit: number(fit.r)),
    Shown("R²", lambda fit: number(fit.r2)),
    Shown("adjusted R²", lambda fit: number(fit.adjusted_r2)),
    Shown("F", lambda fit: number(fit.f)),
    Shown("p", lambda fit: number(fit.f_p)),
    *named("n"),
    Shown("df", lambda fit: number(fit.df_residual, 0)),
)
_TERMS: tuple[Shown[CoefficientLine], ...] = (
    *named("sample", "term"),
    Shown("coefficient", lambda row: number(row.coefficient)),
    Shown("std. error", lambda row: number(row.std_error)),
    Shown("t", lambda row: number(row.t)),
    Shown("p", lambda row: number(row.p)),
    Shown("", lambda row: row.stars),
)


def _vif(row: CoefficientLine) -> str:
    return number(row.vif)


_OLS_TERMS = (*_TERMS, Shown("VIF", _vif))
_RIDGE_TERMS = (*_TERMS, Shown("VIF(K)", _vif))


def study_page(home: Home, study: str, vintage: str) -> StudyPage:
    """The page of one study at one vintage, from the published warehouse."""
    place = {"study": study, "vintage": vintage}
    samples = ask(home, "commands/study_samples", SampleLine, {"study": study})
    first = samples[0]
    span = f"{first.first_year}-{first.last_year}"
    places = len({sample.region for sample in samples})
    fits = ask(home, "commands/study_fits", FitLine, place)
    coefficients = ask(home, "commands/study_coefficients", CoefficientLine, place)
    values = ask(home, "commands/study_index_values", IndexValueLine, {"study": study})
    if places > 1:
        heading = f"{study}: {first.title} ({places} regions, {span})"
        return regions_page(heading, fits, coefficients, values, _not_final_lines(home, study))
    return StudyPage(
        heading=f"{study}: {first.title} (region {first.region}, {span})",
        lines=(
            *_sample_lines(fits),
            *_missing_lines(home, study),
            *_late_print_lines(home, study),
            *_not_final_lines(home, study),
        ),
        tables=(
            *_fit_tables(home, place, fits, coefficients),
            *([] if fits else [_index_table(values)]),
        ),
        closing=(
            *_equations(fits),
            *sign_changes(coefficients),
            *_robustness_lines(home, place),
            *_backtest_lines(home, place),
            *_printed_lines(home, place),
        ),
    )


def _sample_lines(fits: Sequence[FitLine]) -> list[str]:
    lines = []
    for fit in fits:
        if fit.estimator != "ols":
            continue
        if fit.is_fitted:
            used = listed_ranges(fit.years)
            note = QUALITY_NOTE[fit.quality]
            lines.append(f"Sample {fit.sample}: n = {fit.n} ({used}); {note}.")
        else:
            lines.append(f"Sample {fit.sample}: NOT FITTED. {fit.reason}")
    return lines


def _missing_lines(home: Home, study: str) -> list[str]:
    return [
        f"Sample {each.sample}: no {each.index_id} for "
        f"{'any year' if each.in_every_year else year_ranges(each.years)}."
        for each in ask(home, "commands/study_missing_indices", _MissingIndex, {"study": study})
    ]


def _late_print_lines(home: Home, study: str) -> list[str]:
    """Where the first print at hand is much younger than its year, it is hardly the first one."""
    late = {"study": study, "years_to_print": YEARS_TO_FIRST_PRINT}
    found = ask(home, "commands/study_late_prints", LatePrint, late)
    lines = []
    for sample, own in groupby(found, key=attrgetter("sample")):
        rows: list[LatePrint] = list(own)
        cells = ", ".join(
            f"{row.indicator} {year_ranges(row.years)} (edition {row.edition})" for row in rows
        )
        lines.append(
            f"Sample {sample}: {sum(row.late_figures for row in rows)} of {rows[0].figures} "
            f"figures are of an edition over {YEARS_TO_FIRST_PRINT} years after their year, the "
            f"earliest at hand, and may be revised: {cells}."
        )
    return lines


def _not_final_lines(home: Home, study: str) -> list[str]:
    """Which figures may yet change, or were changed, as their documents say."""
    return [
        f"Sample {each.sample}: {each.print_status} figures of {each.indicator} of {each.region}, "
        f"{year_ranges(each.years)} (edition {each.edition})."
        for each in ask(home, "commands/study_not_final", NotFinalFigures, {"study": study})
    ]


def _fit_tables(
    home: Home,
    place: dict[str, str],
    fits: Sequence[FitLine],
    coefficients: Sequence[CoefficientLine],
) -> list[TextTable]:
    descriptives = ask(home, "commands/study_descriptives", Descriptive, place)
    correlations = ask(home, "commands/study_correlations", Correlation, place)
    ols = [fit for fit in fits if fit.estimator == "ols" and fit.is_fitted]
    ridge = [fit for fit in fits if fit.estimator == "ridge" and fit.is_fitted]
    tables = (
        text_table(
            "Table 2. Descriptive statistics (before normalisation)", _DESCRIPTIVES, descriptives
        ),
        text_table(
            "Table 3. Pearson correlations (*** 1 %, ** 5 %, * 10 %, two-sided)",
            _CORRELATIONS,
            correlations,
        ),
        text_table("Table 4. OLS, model summary", _SUMMARY, ols),
        text_table(
            "Table 5. OLS on min-max normalised variables",
            _OLS_TERMS,
            [row for row in coefficients if row.estimator == "ols"],
        ),
        text_table(
            "Table 6. Ridge on min-max normalised variables (p-values are not valid tests)",
            _RIDGE_TERMS,
            [row for row in coefficients if row.estimator == "ridge"],
        ),
        text_table("Table 6, summary", _SUMMARY, ridge),
    )
    return [table for table in tables if table.rows]


def _index_table(values: Sequence[IndexValueLine]) -> TextTable:
    """A study without a model shows its indices, one column a sample."""
    columns: tuple[Shown[Sequence[IndexValueLine]], ...] = (
        of_first("index", attrgetter("index_id")),
        of_first("unit", attrgetter("unit")),
        of_first("year", attrgetter("reference_year")),
        *(
            of_row(attrgetter("sample"), sample, lambda row: number(row.value))
            for sample in dict.fromkeys(row.sample for row in values)
        ),
    )
    of_year = attrgetter("index_id", "unit", "reference_year")
    rows = [list(own) for _, own in groupby(sorted(values, key=of_year), key=of_year)]
    return text_table("Index values", columns, rows)


def _equations(fits: Sequence[FitLine]) -> list[str]:
    lines = []
    for fit in fits:
        if fit.is_fitted:
            name = ESTIMATORS[fit.estimator]
            if fit.estimator == "ridge":
                name = f"Ridge (K = {fit.ridge_k:g}, {fit.convention} convention)"
            lines += [f"{fit.sample}, {name}: {fit.equation}", f"    {fit.verdict}"]
    return lines


def sign_changes(coefficients: Iterable[CoefficientLine]) -> list[str]:
    """In words: which coefficients change sign between the samples of a study, which keep it.

    coefficients: the samples of each term in the study's order.
    """
    by_estimator: dict[str, dict[str, dict[str, float]]] = {}
    for row in sorted(coefficients, key=attrgetter("estimator", "term_order")):
        if row.term != "const":
            terms = by_estimator.setdefault(row.estimator, {})
            terms.setdefault(row.term, {})[row.sample] = row.coefficient
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
        name = ESTIMATORS[estimator]
        if not changed:
            lines.append(f"{name}: no coefficient changes sign between the samples.")
            continue
        same = f"; it stays the same for {', '.join(kept)}" if kept else ""
        lines.append(f"{name}: the sign changes between samples for {'; '.join(changed)}{same}.")
    return lines


def _robustness_lines(home: Home, place: dict[str, str]) -> list[str]:
    sentences = ask(home, "commands/study_sentences", Sentence, place)
    return [
        line
        for sample, own in groupby(sentences, key=attrgetter("sample"))
        for line in (
            f"What survives, sample {sample}:",
            *(f"    {sentence.text}" for sentence in own),
        )
    ]


def _backtest_lines(home: Home, place: dict[str, str]) -> list[str]:
    """One line for each year that the model could predict; a straight line needs no model."""
    head = "Backtest: the next year from what was known, given its regressors as first printed:"
    lines = []
    for row in ask(home, "commands/study_predictions", _Prediction, place):
        name = "OLS" if row.estimator == "ols" else "ridge"
        low, high = number(row.low), number(row.high)
        interval = f" ({low} to {high})" if low else ""
        naive = (
            (number(row.error_over_last_value), "of the last value"),
            (number(row.error_over_trend), "of a straight line"),
        )
        ratios = " and ".join(f"{ratio} times that {of}" for ratio, of in naive if ratio)
        lines.append(
            f"    {row.region}, {row.variable} {row.predicted_year} by {name} on {row.n} years "
            f"known by {row.known_by} ({row.later_prints} of {row.values_used} values from later "
            f"prints): {number(row.predicted)}{interval}, first printed {number(row.actual)}; "
            f"the error is {ratios}."
        )
    return [head, *lines] if lines else []


def _printed_lines(home: Home, place: dict[str, str]) -> list[str]:
    rows = ask(home, "commands/printed_numbers", PrintedNumber, place)
    if not rows:
        return []
    lost = [row for row in rows if row.agrees is None]
    differing = [row for row in rows if row.agrees is False]
    lines = [
        f"Of {len(rows)} numbers printed in the paper, {len(rows) - len(differing) - len(lost)} "
        f"agree within half a unit of their last digit; {len(differing)} differ:"
    ]
    for row in differing:
        of = "of" if row.term else ""
        what = " ".join(filter(None, (row.statistic, of, row.term, row.other_term)))
        lines.append(
            f"    Table {row.table_number}, {what}: printed {row.printed_value}, "
            f"computed {row.computed:.6f} ({row.cell})"
        )
    if lost:
        cells = ", ".join(row.cell for row in lost)
        lines.append(f"    {len(lost)} have no counterpart in the fit; check their labels: {cells}")
    return lines
