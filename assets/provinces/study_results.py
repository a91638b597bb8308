"""The study of provinces from its rows to its results: estimates, tests, findings.

Belongs here: which estimator runs on which specification, and the frames of all results of the
room. Not here: the lists (specification.py), estimators, tests, the studies of poor counties and
of poverty classes (poor_county_results.py, poverty_classes.py).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from assets.provinces.counties.poor_county_results import poor_county_results
from assets.provinces.counties.poor_county_specification import STUDY as POOR_COUNTIES
from assets.provinces.estimators import (
    ESTIMATORS,
    Slopes,
    two_way,
    two_way_by_wild_bootstrap,
    year_free_mean_group,
)
from assets.provinces.evidence import evidence, leave_out_slopes
from assets.provinces.he_pipeline import HePipeline, he_pipeline
from assets.provinces.known_estimates import known_rows
from assets.provinces.making_rows import estimate_rows, evidence_row, finding_row
from assets.provinces.panel_data import ProvincePanel, figures_of, panel_of
from assets.provinces.poverty_class_specification import STUDY as POVERTY_CLASSES
from assets.provinces.poverty_classes import poverty_class_results
from assets.provinces.result_rows import (
    PROVINCE_ROWS,
    ProvinceDiagnosticRow,
    ProvinceEstimateRow,
    ProvinceEvidenceRow,
    ProvinceFindingRow,
)
from assets.provinces.specification import (
    CLAIMS,
    DRAWS,
    GAP,
    HE_MODEL,
    HEADQUARTERS,
    MAIN,
    RIDGE_K,
    SEED,
    SPECIFICATIONS,
    STUDY,
    Claim,
    Specification,
)
from assets.regression.coefficient import Coefficient
from assets.vintages.failures import Failures
from assets.vintages.keys import OfVintage
from assets.vintages.pieces import entry_rows
from assets.warehouse.tables.row import as_frames
from assets.warehouse.tables.table import Table


@dataclass(frozen=True, slots=True)
class ProvinceTables:
    """The tables of schema `provinces` that the studies take, each with all its rows."""

    province_panel: pd.DataFrame
    poor_county: pd.DataFrame
    poverty_class: pd.DataFrame
    panel_known_by: pd.DataFrame


def read_tables(read: Callable[[str], pd.DataFrame]) -> ProvinceTables:
    """The tables, each by a query. read: answers a SELECT."""
    return ProvinceTables(
        *(
            read(f"select * from provinces.{each.name} order by all")
            for each in fields(ProvinceTables)
        )
    )


def study_frames(tables: ProvinceTables, failures: Failures) -> dict[Table, pd.DataFrame]:
    """All results of the three studies; none where no document has the figures of provinces."""
    frame = tables.province_panel
    rows: list[OfVintage] = []
    for specification in () if frame.empty else SPECIFICATIONS:
        asked = (specification, figures_of(frame, specification))
        rows += entry_rows(failures, STUDY, specification.name, PROVINCE_ROWS, _estimates, *asked)
    if not frame.empty:
        figures = figures_of(frame, HE_MODEL)
        rows += entry_rows(failures, STUDY, "He's pipeline", PROVINCE_ROWS, _he_rows, figures)
    by_name = {each.name: each for each in SPECIFICATIONS}
    for claim in () if frame.empty else CLAIMS:
        specification, entry = by_name[claim.specification], f"{claim.claim} {claim.part}"
        asked_of = (claim, specification, figures_of(frame, specification))
        rows += entry_rows(failures, STUDY, entry, PROVINCE_ROWS, _judged, *asked_of)
    for study, make, figures in (
        (POOR_COUNTIES, _poor_county_rows, tables.poor_county),
        (POVERTY_CLASSES, _poverty_class_rows, tables.poverty_class),
    ):
        rows += entry_rows(failures, study, "", PROVINCE_ROWS, make, figures)
    rows += known_rows(tables.panel_known_by, failures)
    return as_frames(PROVINCE_ROWS, rows)


def _estimates(
    failures: Failures, specification: Specification, figures: pd.DataFrame
) -> Iterator[ProvinceEstimateRow]:
    vintage, panel = failures.vintage, panel_of(figures, specification)
    for estimator, needs in ESTIMATORS.items():
        with failures.entry(STUDY, f"{specification.name}, {estimator.__name__}"):
            yield from estimate_rows(vintage, STUDY, specification, estimator(panel), needs)
    needs = ESTIMATORS[two_way]
    wild = two_way_by_wild_bootstrap(panel, np.random.default_rng(SEED), DRAWS)
    yield from estimate_rows(vintage, STUDY, specification, wild, needs)
    if specification not in (MAIN, GAP):
        return
    for region, slopes in leave_out_slopes(panel).items():
        yield from estimate_rows(vintage, STUDY, specification, slopes, needs, f"without {region}")
    without = two_way(panel.without(HEADQUARTERS))
    seats = f"without {' and '.join(HEADQUARTERS)}"
    yield from estimate_rows(vintage, STUDY, specification, without, needs, seats)
    own = year_free_mean_group(panel).slope
    for region, slope in zip(panel.regions, own, strict=True):
        alone = tuple(
            Coefficient(term, value, None, None, None)
            for term, value in zip(panel.terms, slope.tolist(), strict=True)
        )
        slopes = Slopes("own_years", "none", alone, 1, panel.without(set(panel.regions) - {region}))
        yield from estimate_rows(
            vintage, STUDY, specification, slopes, "as mean_group, of a few years", region
        )


def _poor_county_rows(failures: Failures, counts: pd.DataFrame) -> Iterator[OfVintage]:
    yield from poor_county_results(counts, failures).rows


def _poverty_class_rows(failures: Failures, classes: pd.DataFrame) -> Iterator[OfVintage]:
    yield from poverty_class_results(classes, failures).rows


def _judged(
    failures: Failures, claim: Claim, specification: Specification, figures: pd.DataFrame
) -> Iterator[ProvinceEvidenceRow | ProvinceFindingRow]:
    vintage, panel = failures.vintage, panel_of(figures, specification)
    tests = [
        evidence_row(vintage, STUDY, claim, found)
        for found in evidence(panel, claim.term, np.random.default_rng(SEED), DRAWS)
    ]
    yield finding_row(vintage, STUDY, claim, two_way(panel), tests)
    yield from tests


def _he_rows(
    failures: Failures, figures: pd.DataFrame
) -> Iterator[ProvinceEstimateRow | ProvinceDiagnosticRow]:
    panel = panel_of(figures, HE_MODEL)
    found = he_pipeline(panel, HE_MODEL.outcome, RIDGE_K)
    yield from _he_estimates(failures.vintage, panel, found)
    yield from _he_diagnostics(failures.vintage, found)


def _he_estimates(
    vintage: str, panel: ProvincePanel, found: HePipeline
) -> Iterator[ProvinceEstimateRow]:
    needs = "each row is a draw of its own, and nothing else differs between provinces and years"
    df = found.ols.df_residual
    for name, coefficients in (
        ("he_ols", found.ols.coefficients),
        ("he_ridge", found.ridge.coefficients),
    ):
        yield from estimate_rows(
            vintage, STUDY, HE_MODEL, Slopes(name, "iid", coefficients, df, panel), needs
        )


def _he_diagnostics(vintage: str, found: HePipeline) -> Iterator[ProvinceDiagnosticRow]:
    def row(
        kind: str, variable: str, statistic: str, value: float, other: str = ""
    ) -> ProvinceDiagnosticRow:
        return ProvinceDiagnosticRow(
            vintage=vintage,
            study=STUDY,
            specification=HE_MODEL.name,
            kind=kind,
            variable=variable,
            other_variable=other,
            statistic=statistic,
            value=value,
        )

    for name, statistic, value in found.descriptives.statistics():
        yield row("descriptive", name, statistic, value)
    related = found.correlations
    for place, name in enumerate(related.names):
        for column, other in enumerate(related.names[:place]):
            yield row("correlation", name, "r", float(related.r[place, column]), other)
            yield row("correlation", name, "p", float(related.p[place, column]), other)
    for kind, fit, vif in (
        ("ols", found.ols, found.vif.vif),
        ("ridge", found.ridge, found.ridge.vif),
    ):
        for name, value in zip(HE_MODEL.regressors, vif.tolist(), strict=True):
            yield row(kind, name, "vif", value)
        yield row(kind, "", "r2", fit.R2)
        for statistic, number in (
            ("adjusted_r2", fit.adjusted_R2),
            ("f", fit.F),
            ("f_p", fit.p_of_F),
        ):
            if number is not None:
                yield row(kind, "", statistic, number)
