"""The page of a study over several regions: one line a region, and the panel where there is one.

Belongs here: laying out what the warehouse holds of such a study. Not here: the page of one region
(study_page.py), new numbers.
"""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from assets.release.results.study_lines import (
    ESTIMATORS,
    CoefficientLine,
    FitLine,
    IndexValueLine,
)
from assets.vintages.keys import PANEL
from orchestration.commands.pages.numbers import number
from orchestration.commands.pages.page import StudyPage
from orchestration.commands.pages.text_table import (
    Shown,
    TextTable,
    named,
    of_first,
    of_row,
    text_table,
)

_PANEL_TERM: tuple[Shown[CoefficientLine], ...] = (
    *named("sample", "term"),
    Shown("coefficient", lambda row: f"{row.coefficient:.6g}"),
    Shown("std. error", lambda row: f"{row.std_error:.4g}"),
    Shown("t", lambda row: number(row.t)),
    Shown("p", lambda row: number(row.p)),
    Shown("", lambda row: row.stars),
)


def regions_page(
    heading: str,
    fits: Sequence[FitLine],
    coefficients: Sequence[CoefficientLine],
    index_values: Sequence[IndexValueLine],
    not_final: Sequence[str],
) -> StudyPage:
    """The page of one study at one vintage; one without a model shows its indices.

    not_final: lines about the figures whose print does not pass for final.
    """
    panel = [row for row in coefficients if row.region == PANEL]
    title = "Panel with region and year effects, standard errors clustered by region (own units)"
    tables = (
        *(_slopes(coefficients, estimator) for estimator in ESTIMATORS),
        text_table(title, _PANEL_TERM, panel),
        *([] if fits else _index_tables(index_values)),
    )
    return StudyPage(
        heading=heading,
        lines=(*_count_lines(fits), *not_final),
        tables=tuple(table for table in tables if table.rows),
        closing=tuple(
            line
            for fit in fits
            if fit.region == PANEL and fit.is_fitted
            for line in (
                f"{fit.sample}, panel of {fit.n} observations: {fit.equation}",
                f"    {fit.verdict}",
            )
        ),
    )


def _count_lines(fits: Sequence[FitLine]) -> list[str]:
    """How many regions were fitted, and why each other one was not."""
    said = {(fit.sample, fit.region, fit.status, fit.reason): fit for fit in fits}
    outcomes = sorted(said.values(), key=attrgetter("sample", "region", "status"))
    lines = []
    for sample, group in groupby(outcomes, key=attrgetter("sample")):
        own = list(group)
        without = [fit for fit in own if not fit.is_fitted]
        lines.append(f"Sample {sample}: {len(own) - len(without)} of {len(own)} fitted.")
        lines += [f"    {fit.region} {fit.status}: {fit.reason}" for fit in without]
    return lines


def _slopes(coefficients: Sequence[CoefficientLine], estimator: str) -> TextTable:
    """One line a region and sample: its slopes with stars, R² and n."""
    rows = [
        row
        for row in coefficients
        if row.estimator == estimator and row.region != PANEL and row.term != "const"
    ]
    columns: tuple[Shown[Sequence[CoefficientLine]], ...] = (
        *(of_first(name, attrgetter(name)) for name in ("region", "sample", "n")),
        of_first("R²", lambda row: number(row.r2)),
        *(
            of_row(attrgetter("term"), term, lambda row: f"{number(row.coefficient)}{row.stars}")
            for term in dict.fromkeys(row.term for row in rows)
        ),
    )
    fits = [list(own) for _, own in groupby(rows, key=attrgetter("region", "sample"))]
    title = f"{ESTIMATORS[estimator]}, slopes on min-max normalised variables"
    return text_table(title, columns, fits)


def _index_tables(rows: Sequence[IndexValueLine]) -> list[TextTable]:
    """For each index and sample: one line a region, one column a year."""
    tables = []
    for (index_id, unit, sample), group in groupby(rows, attrgetter("index_id", "unit", "sample")):
        own = list(group)
        columns: tuple[Shown[Sequence[IndexValueLine]], ...] = (
            of_first("region", attrgetter("region")),
            *(
                of_row(attrgetter("reference_year"), year, lambda row: number(row.value))
                for year in dict.fromkeys(row.reference_year for row in own)
            ),
        )
        regions = [list(values) for _, values in groupby(own, key=attrgetter("region"))]
        tables.append(text_table(f"{index_id}, {unit}, sample {sample}", columns, regions))
    return tables
