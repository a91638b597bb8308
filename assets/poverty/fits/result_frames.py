"""Fits as rows of `model.input`, `model.fit`, `model.coefficient` and `model.diagnostic`.

Belongs here: what of a fit stands in which column. Not here: the fits (sample_fits.py,
panel_fits.py), what the columns mean (fit_rows.py).
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from assets.poverty.fits import panel_fits
from assets.poverty.fits.fit_rows import CoefficientRow, DiagnosticRow, FitRow, InputRow
from assets.poverty.fits.panel_fits import PanelResult, panel_estimate
from assets.poverty.fits.sample_fits import EstimatorFit, SampleResult, estimates, worst_quality
from assets.regression.coefficient import CONSTANT
from assets.regression.significance import stars
from assets.warehouse.tables.row import as_frame
from assets.warehouse.tables.table import Table


def result_frames(
    vintage: str, samples: Sequence[SampleResult], panels: Sequence[PanelResult] = ()
) -> dict[Table, pd.DataFrame]:
    """The rows of model.input, model.fit, model.coefficient and model.diagnostic."""
    results: list[SampleResult | PanelResult] = [*samples, *panels]
    diagnostics = (
        *(row for result in samples for row in _sample_diagnostics(vintage, result)),
        *(row for result in panels for row in _panel_diagnostics(vintage, result)),
    )
    return {
        InputRow.table: as_frame(InputRow, (r for one in results for r in _inputs(vintage, one))),
        FitRow.table: as_frame(FitRow, (r for one in results for r in _fits(vintage, one))),
        CoefficientRow.table: as_frame(
            CoefficientRow, (r for one in results for r in _coefficients(vintage, one))
        ),
        DiagnosticRow.table: as_frame(DiagnosticRow, diagnostics),
    }


def _inputs(vintage: str, result: SampleResult | PanelResult) -> Iterator[InputRow]:
    for row in result.inputs.to_dict("records"):
        yield InputRow(
            vintage=vintage,
            study=result.study.study,
            region=row["region"],
            sample=result.sample,
            reference_year=row["reference_year"],
            variable=row["variable"],
            role=row["role"],
            value=row["value"],
            normalised=row["normalised"],
            quality=row["quality"],
        )


def _estimates(result: SampleResult | PanelResult) -> tuple[EstimatorFit, ...]:
    """What each estimator gave; nothing where nothing was fitted."""
    if result.fit is None:
        return ()
    if isinstance(result, PanelResult):
        return (panel_estimate(result.model, result.fit),)
    return estimates(result.fit)


def _fits(vintage: str, result: SampleResult | PanelResult) -> Iterator[FitRow]:
    model, inputs = result.model, result.inputs
    formula = f"{model.dependent} ~ {' + '.join(model.regressors)}"
    if isinstance(result, PanelResult):
        formula += " | region + year"
        settings = [("panel", panel_fits.CONVENTION, 0.0)]
    else:
        ridge = result.model.ridge
        settings = [("ols", "ols", 0.0), ("ridge", ridge.convention, ridge.k)]
    found = {estimate.estimator: estimate for estimate in _estimates(result)}
    for estimator, convention, ridge_k in settings:
        row = FitRow(
            **result.key(vintage),
            estimator=estimator,
            status=result.status,
            reason=result.reason,
            formula=formula,
            n=len(inputs.drop_duplicates(["region", "reference_year"])),
            df_residual=None,
            convention=convention,
            ridge_k=ridge_k,
            r=None,
            r2=None,
            adjusted_r2=None,
            f=None,
            f_p=None,
            equation=None,
            verdict="not estimated",
            quality=worst_quality(inputs),
            years=", ".join(map(str, sorted(set(inputs["reference_year"])))),
            input_fingerprint=sample_fingerprint(result),
        )
        if estimate := found.get(estimator):
            row = replace(
                row,
                n=estimate.n,
                df_residual=estimate.df_residual,
                r=estimate.R,
                r2=estimate.R2,
                adjusted_r2=estimate.adjusted_R2,
                f=estimate.F,
                f_p=estimate.p_of_F,
                equation=estimate.equation,
                verdict=estimate.verdict,
            )
        yield row


def sample_fingerprint(result: SampleResult | PanelResult) -> str:
    """sha256 over the years, variables and exact values that a sample gave to its fit.

    Of a panel, over the regions as well.
    """
    key = ["reference_year", "variable"]
    if isinstance(result, PanelResult):
        key.insert(0, "region")
    ordered = result.inputs.sort_values(key)
    columns = (ordered[name].tolist() for name in (*key, "value"))
    lines = [
        " ".join((*map(str, place), float(value).hex()))
        for *place, value in zip(*columns, strict=True)
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _coefficients(vintage: str, result: SampleResult | PanelResult) -> Iterator[CoefficientRow]:
    levels = result.model.significance_levels
    for estimate in _estimates(result):
        is_biased = isinstance(result, SampleResult) and (
            estimate.estimator == "ridge" and result.model.ridge.k > 0  # its p is no test
        )
        has_constant = estimate.coefficients[0].term == CONSTANT
        for order, c in enumerate(estimate.coefficients, start=0 if has_constant else 1):
            yield CoefficientRow(
                **result.key(vintage),
                estimator=estimate.estimator,
                term=c.term,
                term_order=order,
                coefficient=c.estimate,
                std_error=c.std_error,
                t=c.t,
                p=c.p,
                stars="" if c.p is None or is_biased else stars(c.p, levels),
                vif=estimate.vif.get(c.term),
            )


def _sample_diagnostics(vintage: str, result: SampleResult) -> Iterator[DiagnosticRow]:
    if result.fit is None:
        return
    key = result.key(vintage)
    for name, statistic, value in result.fit.descriptives.statistics():
        yield DiagnosticRow(
            **key, kind="descriptive", variable=name, statistic=statistic, value=value
        )
    related = result.fit.correlations
    for row, name in enumerate(related.names):
        for column, other in enumerate(related.names[:row]):
            for statistic, values in (("r", related.r), ("p", related.p)):
                yield DiagnosticRow(
                    **key,
                    kind="correlation",
                    variable=name,
                    other_variable=other,
                    statistic=statistic,
                    value=float(values[row, column]),
                    stars=related.stars[row][column],
                )
    largest = float(result.fit.vif.vif.max())
    yield DiagnosticRow(**key, kind="collinearity", statistic="max_vif", value=largest)


def _panel_diagnostics(vintage: str, result: PanelResult) -> Iterator[DiagnosticRow]:
    """The panel's shape, and what was left out."""
    fit = result.fit
    if fit is None:
        return
    key = result.key(vintage)
    shape = {
        "clusters": len(fit.regions),
        "years": len(fit.years),
        "is_balanced": fit.is_balanced,
        "few_clusters": fit.few_clusters,
        "r2_within": fit.R2_within,
        "small_sample_factor": fit.small_sample.factor,
    }
    for statistic, value in shape.items():
        yield DiagnosticRow(**key, kind="panel", statistic=statistic, value=float(value))
    left_out = {
        "absorbed_by_effects": fit.absorbed,
        "collinear": fit.collinear,
        "singleton": fit.singletons,
    }
    for statistic, names in left_out.items():
        for name in names:
            yield DiagnosticRow(**key, kind="panel", variable=name, statistic=statistic, value=1.0)
