"""The study of provinces from its rows to its results: estimates, tests, findings.

Belongs here: which estimator runs on which specification, and the frames of all results of the
room. Not here: the lists (specification.py), estimators, tests, the studies of poor counties and
of poverty classes (poor_county_results.py, poverty_classes.py).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

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
from assets.provinces.panel_data import ProvincePanel, panel_of
from assets.provinces.poor_county_results import poor_county_results
from assets.provinces.poverty_classes import poverty_class_results
from assets.provinces.result_rows import (
    ProvinceDiagnosticRow,
    ProvinceEstimateRow,
    ProvinceEvidenceRow,
    ProvinceFindingRow,
    ProvinceKnownRow,
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
    Specification,
)
from assets.regression.coefficient import Coefficient
from assets.vintages.failures import Failures
from assets.warehouse.row import as_frame
from assets.warehouse.table import Table


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
    estimates: list[ProvinceEstimateRow] = []
    diagnostics: list[ProvinceDiagnosticRow] = []
    tests: list[ProvinceEvidenceRow] = []
    findings: list[ProvinceFindingRow] = []
    vintage = failures.vintage
    for specification in () if frame.empty else SPECIFICATIONS:
        with failures.entry(STUDY, specification.name):
            panel = panel_of(frame, specification)
            estimates += _estimates(vintage, specification, panel, failures)
    if not frame.empty:
        with failures.entry(STUDY, "He's pipeline"):
            panel = panel_of(frame, HE_MODEL)
            found = he_pipeline(panel, HE_MODEL.outcome, RIDGE_K)
            estimates += _he_estimates(vintage, panel, found)
            diagnostics += _he_diagnostics(vintage, found)
    by_name = {each.name: each for each in SPECIFICATIONS}
    for claim in () if frame.empty else CLAIMS:
        with failures.entry(STUDY, f"{claim.claim} {claim.part}"):
            panel = panel_of(frame, by_name[claim.specification])
            own = [
                evidence_row(vintage, STUDY, claim, found)
                for found in evidence(panel, claim.term, np.random.default_rng(SEED), DRAWS)
            ]
            findings.append(finding_row(vintage, STUDY, claim, two_way(panel), own))
            tests += own
    for other in (
        poor_county_results(tables.poor_county, failures),
        poverty_class_results(tables.poverty_class, failures),
    ):
        estimates += other.estimates
        tests += other.tests
        findings += other.findings
    return {
        ProvinceEstimateRow.table: as_frame(ProvinceEstimateRow, estimates),
        ProvinceDiagnosticRow.table: as_frame(ProvinceDiagnosticRow, diagnostics),
        ProvinceEvidenceRow.table: as_frame(ProvinceEvidenceRow, tests),
        ProvinceFindingRow.table: as_frame(ProvinceFindingRow, findings),
        ProvinceKnownRow.table: as_frame(
            ProvinceKnownRow, known_rows(tables.panel_known_by, failures)
        ),
    }


def _estimates(
    vintage: str, specification: Specification, panel: ProvincePanel, failures: Failures
) -> Iterator[ProvinceEstimateRow]:
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
