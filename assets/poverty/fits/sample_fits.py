"""Fits of all studies, and their results as rows.

Belongs here: one fit per study and sample with a model, refusals included, and the frames of
`model.*`. Not here: the methods (one module each), Dagster, files.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from assets.poverty.fits import panel_fits
from assets.poverty.fits.fit_rows import CoefficientRow, DiagnosticRow, FitRow, InputRow
from assets.poverty.fits.panel_fits import PanelResult
from assets.poverty.study_files.study import Model, Study
from assets.regression.coefficient import CONSTANT, Coefficient
from assets.regression.collinear_fit import StudyFit, fit_study
from assets.regression.estimable import NotEstimable
from assets.regression.significance import stars
from assets.warehouse.table import Table, as_frame

Row = tuple[object, ...]
PanelRows = Callable[[PanelResult], Iterator[Row]]
ESTIMATORS = ("ols", "ridge")


@dataclass(frozen=True, slots=True)
class SampleResult:
    """One sample of one region of a study: its fit, or the sentence that says why there is none."""

    study: Study
    model: Model
    region: str  # ISO code
    sample: str
    inputs: pd.DataFrame  # rows of indices.model_input
    fit: StudyFit | None
    status: str  # fitted, refused or failed
    reason: str | None

    @property
    def place(self) -> tuple[str, str, str]:
        """Study, region and sample: the key of every row of this result within a vintage."""
        return self.study.study, self.region, self.sample

    @property
    def quality(self) -> str:
        """Worst quality among the inputs; "none" where there are none."""
        return worst_quality(self.inputs)


def worst_quality(inputs: pd.DataFrame) -> str:
    """Worst quality among rows of indices.model_input; "none" where there are none."""
    order = ("recovered", "derived", "published")
    return next((q for q in order if q in set(inputs["quality"])), "none")


def fit_samples(
    studies: Sequence[Study], model_input: pd.DataFrame, estimation_year: pd.DataFrame
) -> tuple[SampleResult, ...]:
    """Fit every sample of every region of every study with a model of time series.

    What cannot be estimated is refused; an error of arithmetic fails that sample alone.

    model_input: rows of indices.model_input; estimation_year: rows of indices.estimation_year,
    whose `missing` column says which cells each year lacks.
    """
    return tuple(
        _fit_sample(study, study.model, region, sample.name, model_input, estimation_year)
        for study in studies
        if isinstance(study.model, Model)
        for region in study.places
        for sample in study.samples
    )


def _fit_sample(
    study: Study,
    model: Model,
    region: str,
    sample: str,
    model_input: pd.DataFrame,
    years: pd.DataFrame,
) -> SampleResult:
    place = (study.study, region, sample)
    inputs = _of(model_input, *place)
    raw, normalised = (wide(inputs, kind, study.variables) for kind in ("value", "normalised"))
    try:
        fit = fit_model(model, raw, normalised)
    except NotEstimable as error:
        missing = _missing_cells(_of(years, *place))
        reason = " ".join(filter(None, (str(error), missing)))
        return SampleResult(study, model, region, sample, inputs, None, "refused", reason)
    except (ArithmeticError, ValueError) as error:  # of this fit alone; the others go on
        reason = f"{type(error).__name__}: {error}"
        return SampleResult(study, model, region, sample, inputs, None, "failed", reason)
    return SampleResult(study, model, region, sample, inputs, fit, "fitted", None)


def fit_model(model: Model, raw: pd.DataFrame, normalised: pd.DataFrame) -> StudyFit:
    """Fit a study's model: columns year, the dependent and the regressors, one row a year.

    Raises NotEstimable, with the reason.
    """
    return fit_study(
        raw,
        normalised,
        model.dependent,
        model.regressors,
        model.ridge.k,
        model.ridge.convention,
        model.significance_levels,
    )


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the two estimators of a fit have in common."""

    estimator: str
    coefficients: tuple[Coefficient, ...]  # the constant first
    R2: float
    adjusted_R2: float | None


def estimates(fit: StudyFit) -> tuple[Estimate, Estimate]:
    """OLS and ridge of one fit, in the order of ESTIMATORS."""
    ols, ridge = fit.ols, fit.ridge
    return (
        Estimate("ols", ols.coefficients, ols.R2, ols.adjusted_R2),
        Estimate("ridge", ridge.coefficients, ridge.R2, ridge.adjusted_R2),
    )


def _of(frame: pd.DataFrame, study: str, region: str, sample: str) -> pd.DataFrame:
    key = (frame["study"] == study) & (frame["region"] == region) & (frame["sample"] == sample)
    return frame[key]


def wide(inputs: pd.DataFrame, values: str, variables: Sequence[str]) -> pd.DataFrame:
    """One row a year, one column a variable; a variable without any value is a column of NaN."""
    wide = inputs.pivot(index="reference_year", columns="variable", values=values)
    return wide.reindex(columns=list(variables)).rename_axis(index="year").reset_index()


def _missing_cells(years: pd.DataFrame) -> str:
    lacking = years[years["missing"].notna()].sort_values("reference_year")
    return " ".join(f"{row.reference_year} lacks {row.missing}." for row in lacking.itertuples())


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


def result_frames(
    vintage: str, results: Sequence[SampleResult], panels: Sequence[PanelResult] = ()
) -> dict[Table, pd.DataFrame]:
    """The rows of model.input, model.fit, model.coefficient and model.diagnostic."""
    makers: dict[Table, tuple[Callable[[SampleResult], Iterator[Row]], PanelRows]] = {
        InputRow.table: (_input_rows, _input_rows),
        FitRow.table: (_fit_rows, _panel_fit_rows),
        CoefficientRow.table: (_coefficient_rows, panel_fits.coefficient_rows),
        DiagnosticRow.table: (_diagnostic_rows, panel_fits.diagnostic_rows),
    }
    return {
        table: as_frame(
            table,
            [
                (vintage, *row)
                for found in (
                    *(of_region(result) for result in results),
                    *(of_panel(panel) for panel in panels),
                )
                for row in found
            ],
        )
        for table, (of_region, of_panel) in makers.items()
    }


def _input_rows(result: SampleResult | PanelResult) -> Iterator[Row]:
    for row in result.inputs.itertuples():
        yield (
            *(result.study.study, row.region, result.sample, row.reference_year, row.variable),
            *(row.role, row.value, row.normalised, row.quality),
        )


def _fit_rows(result: SampleResult) -> Iterator[Row]:
    years = sorted(set(result.inputs["reference_year"]))
    model = result.model
    for estimator in ESTIMATORS:
        is_ridge = estimator == "ridge"
        yield (
            *(*result.place, estimator),
            *(result.status, result.reason),
            f"{model.dependent} ~ {' + '.join(model.regressors)}",
            *(len(years), *_summary(result.fit, estimator)[:1]),
            model.ridge.convention if is_ridge else "ols",
            model.ridge.k if is_ridge else 0.0,
            *_summary(result.fit, estimator)[1:],
            *(result.quality, ", ".join(map(str, years)), sample_fingerprint(result)),
        )


def _panel_fit_rows(result: PanelResult) -> Iterator[Row]:
    model, inputs = result.model, result.inputs
    df, *summary = panel_fits.summary_cells(result)
    n = len(inputs.drop_duplicates(["region", "reference_year"]))
    years = sorted(set(inputs["reference_year"]))
    yield (
        *(*result.place, "panel", result.status, result.reason),
        f"{model.dependent} ~ {' + '.join(model.regressors)} | region + year",
        *(n if result.fit is None else result.fit.n, df, panel_fits.CONVENTION, 0.0, *summary),
        *(worst_quality(inputs), ", ".join(map(str, years)), sample_fingerprint(result)),
    )


def _summary(fit: StudyFit | None, estimator: str) -> Row:
    """df, R, R², adjusted R², F, p, equation, verdict; empty where nothing was fitted."""
    if fit is None:
        return (*[None] * 7, "not estimated")
    if estimator == "ols":
        ols, verdicts = fit.ols, fit.verdicts
        return (
            *(ols.df_residual, ols.R, ols.R2, ols.adjusted_R2, ols.F, ols.p_of_F),
            *(fit.ols_equation, f"{verdicts.collinearity} {verdicts.ols}"),
        )
    ridge, verdicts = fit.ridge, fit.verdicts
    return (
        *(ridge.df_residual, ridge.R2**0.5, ridge.R2, ridge.adjusted_R2, ridge.F, ridge.p_of_F),
        *(fit.ridge_equation, f"{verdicts.ridge} {verdicts.caution}"),
    )


def _coefficient_rows(result: SampleResult) -> Iterator[Row]:
    if result.fit is None:
        return
    levels = result.model.significance_levels
    vifs = (result.fit.vif.vif, result.fit.ridge.vif)
    for estimated, vif in zip(estimates(result.fit), vifs, strict=True):
        factors = {CONSTANT: None, **dict(zip(result.fit.regressors, map(float, vif), strict=True))}
        for order, coefficient in enumerate(estimated.coefficients):
            yield (
                *(*result.place, estimated.estimator, coefficient.term, order),
                *(coefficient.estimate, coefficient.std_error, coefficient.t, coefficient.p),
                *(_stars(coefficient, levels), factors[coefficient.term]),
            )


def _stars(coefficient: Coefficient, levels: tuple[float, ...]) -> str:
    return "" if coefficient.p is None else stars(coefficient.p, levels)


def _diagnostic_rows(result: SampleResult) -> Iterator[Row]:
    if result.fit is None:
        return
    place = result.place
    fit = result.fit
    for name, statistic, value in fit.descriptives.statistics():
        yield *place, "descriptive", name, "", statistic, value, ""
    related = fit.correlations
    for row, name in enumerate(related.names):
        for column, other in enumerate(related.names[:row]):
            mark = related.stars[row][column]
            yield *place, "correlation", name, other, "r", float(related.r[row, column]), mark
            yield *place, "correlation", name, other, "p", float(related.p[row, column]), mark
    yield *place, "collinearity", "", "", "max_vif", float(fit.vif.vif.max()), ""
